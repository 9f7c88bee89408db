"""Error rates of the peers on labelled pairs, by the definitions of absah's own report (ISO/IEC 19795-1)."""

import csv

RATES = ("1e-2", "1e-3", "1e-4")


def accuracy(pairs, images, peers, report):
    """Prints one row a program: failure to acquire, FNMR at fixed FMR, best accuracy."""
    with open(pairs, newline="", encoding="utf-8") as file:
        rows = [(row["left"], row["right"], row["same"].strip() == "1") for row in csv.DictReader(file)]
    pictures = sorted({path for left, right, _ in rows for path in (left, right)})
    print(f"\n{len(rows)} pairs of {len(pictures)} pictures, the face nearest the centre\n")
    print("| program | failure to acquire | " + " | ".join(f"FNMR at FMR {rate}" for rate in RATES) + " | best accuracy |")
    print("|---" * (3 + len(RATES)) + "|")
    row("absah", report["failure_to_acquire"], report["fnmr_at_fmr"], report["best_accuracy"], report["unresolved"])
    for peer in peers:
        templates = {path: peer.template(images / path, central=True) for path in pictures}
        failed = sum(template is None for template in templates.values())
        scores = {True: [], False: []}
        for left, right, same in rows:
            if templates[left] is not None and templates[right] is not None:
                score = peer.compare(templates[left], templates[right])
                scores[same].append(score if peer.higher_is_closer else -score)
        rates, unresolved = fnmr_at_fmr(scores[True], scores[False])
        row(peer.name, failed, rates, best_accuracy(scores[True], scores[False]), unresolved)


def fnmr_at_fmr(genuine, impostor):
    """FNMR at the lowest threshold that keeps to each false match rate, and the rates too small for the numbers."""
    impostor = sorted(impostor, reverse=True)
    rates, unresolved = {}, []
    for key in RATES:
        allowed = int(float(key) * len(impostor) + 1e-9)
        if allowed == 0:
            unresolved.append(key)
        # A genuine pair passes where it lies above the first impostor that must not.
        bound = impostor[allowed] if allowed < len(impostor) else float("-inf")
        rates[key] = sum(score <= bound for score in genuine) / len(genuine)
    return rates, unresolved


def best_accuracy(genuine, impostor):
    """The largest share of right answers any one threshold gives."""
    marked = sorted([(score, True) for score in genuine] + [(score, False) for score in impostor], reverse=True)
    right, best = len(impostor), len(impostor)
    for place, (score, same) in enumerate(marked):
        right += 1 if same else -1
        if place + 1 == len(marked) or marked[place + 1][0] != score:
            best = max(best, right)
    return best / len(marked)


def row(name, failed, rates, best, unresolved):
    told = [f"{rates[key] * 100:.2f} %" + (" (too few pairs)" if key in unresolved else "") for key in RATES]
    print(f"| {name} | {failed} | " + " | ".join(told) + f" | {best * 100:.2f} % |")
