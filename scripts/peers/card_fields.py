"""From the lines tesseract read to the twenty fields, and when two values are equal."""

import difflib
import itertools
import json
import pathlib
import re
import statistics

JOBS = json.loads((pathlib.Path(__file__).resolve().parents[2] / "crates/core/data/job_types.json").read_text())
GENDERS = ["LAKI-LAKI", "PEREMPUAN"]
RELIGIONS = ["ISLAM", "KRISTEN", "KATHOLIK", "KATOLIK", "HINDU", "BUDHA", "BUDDHA", "KONGHUCU", "KHONGHUCU",
             "KEPERCAYAAN", "KEPERCAYAAN TERHADAP TUHAN YME"]
MARITAL = ["BELUM KAWIN", "KAWIN", "KAWIN TERCATAT", "KAWIN BELUM TERCATAT", "CERAI HIDUP", "CERAI MATI"]
EQUAL = {"BUDDHA": "BUDHA", "KATHOLIK": "KATOLIK", "KHONGHUCU": "KONGHUCU",
         "KEPERCAYAAN TERHADAP TUHAN YME": "KEPERCAYAAN"}
EQUAL |= {other: job for job, others in JOBS.items() for other in others}
# The middles of the rows' capitals, as shares of the card's height; a folded row moves what is below it.
ROWS = {"name": 0.323, "birth": 0.372, "gender": 0.422, "address": 0.467, "rt_rw": 0.515, "subdistrict": 0.565,
        "district": 0.612, "religion": 0.658, "marital_status": 0.707, "job_type": 0.757, "nationality": 0.807,
        "valid_until": 0.852}
FOLD = 0.046
FOLDING = ("name", "birth", "address")
FULL = 26
TO_DIGITS = str.maketrans("OoDQUIl|L!iZzeASsbGTBg", "0000011111122245566789")
TO_LETTERS = str.maketrans("01589", "OISBG")
DATE = re.compile(r"(\d\d)\D{0,2}(\d\d)\D{0,2}(\d{4})")


def comparable(field, value):
    """A value in the form in which it is compared, by the rules of absah's own report."""
    plain = " ".join(value.upper().split())
    if field in ("rt", "rw") and plain.isdecimal():
        return str(int(plain))
    if field == "blood_type" and plain == "-":
        return ""
    return EQUAL.get(plain, plain) if field in ("religion", "job_type") else plain


def fields(crops):
    """The fields of one card."""
    found = body(crops["body"]) | heading(crops["heading"]) | issue(crops["issue"])
    number = "".join(re.findall(r"\d", text_of(sum(crops["nik"], [])).translate(TO_DIGITS)))
    found["nik"] = held_to_date(number[:16], found)
    return found


def body(lines):
    """The column of values: of the ways a card folds, the one in which most rows read as what they are."""
    readings = []
    for folds in itertools.product((False, True), repeat=len(FOLDING)):
        folded = {key for key, fold in zip(FOLDING, folds) if fold}
        places = {key: y + FOLD * sum(ROWS[above] < y for above in folded) for key, y in ROWS.items()}
        places |= {key + "+": places[key] + FOLD for key in folded}
        rows = {key: [] for key in [*ROWS, *(key + "+" for key in FOLDING)]}
        for line in lines:
            middle = statistics.median(word[1] for word in line)
            key = min(places, key=lambda key: abs(places[key] - middle))
            if abs(places[key] - middle) < FOLD * 0.7:
                rows[key] += line
        readings.append(of_rows(rows))
    return max(readings, key=lambda reading: reading[1])[0]


def of_rows(rows):
    """Fields of rows, and how much the rows look like what they should be."""
    text = {key: text_of(words) for key, words in rows.items()}
    gender, blood = gender_and_blood(rows["gender"])
    place, born = place_and_date(f"{text['birth']} {text['birth+']}")
    rt, rw = rt_and_rw(text["rt_rw"])
    until = dated(text["valid_until"])
    sure = [nearest(gender, GENDERS), nearest(text["religion"], RELIGIONS),
            nearest(text["marital_status"], MARITAL), nationality(text["nationality"]), nearest(text["job_type"], [*JOBS, *EQUAL]),
            ("", 1) if until else nearest(text["valid_until"], ["SEUMUR HIDUP"])]
    # A row is folded only where it is full.
    folds = [f"{text[key]} {text[key + '+'].partition(' ')[0]}" for key in FOLDING if text[key + "+"]]
    doubts = 0.3 * (not text["name"]) + 0.3 * (not text["address"]) + sum(len(fold) < FULL for fold in folds)
    likeness = sum(score for _, score in sure) + bool(born) + bool(rt) - doubts
    values = [word if score >= 0.5 else read for (word, score), read in
              zip(sure, [gender, text["religion"], text["marital_status"], text["nationality"], text["job_type"], ""])]
    return {
        "name": letters(f"{text['name']} {text['name+']}"), "place_of_birth": letters(place), "date_of_birth": born,
        "gender": values[0], "blood_type": blood, "address": f"{text['address']} {text['address+']}".strip(),
        "rt": rt, "rw": rw, "subdistrict": letters(text["subdistrict"]), "district": letters(text["district"]),
        "religion": values[1], "marital_status": values[2], "job_type": values[4],
        "nationality": values[3] + (f" {letters(text['nationality'][3:])}" if values[3] == "WNA" else ""),
        "valid_until": until or (sure[5][0] if sure[5][1] >= 0.5 else text["valid_until"]),
    }, likeness


def text_of(words):
    """Words from left to right in capitals, without what no value has: signs alone, and specks far behind the last word."""
    kept, end = [], None
    for x, _, width, text in words:
        text = re.sub(r"[^A-Z0-9.,/'()+ -]", "", text.upper())
        if not re.search(r"[A-Z0-9]", text) or end is not None and x - end > 0.05:
            continue
        kept.append(text)
        end = x + width
    return " ".join(kept).strip(" .,'-/()+") if kept else ""


def letters(text):
    """A name or a place: digits are the letters they resemble."""
    return " ".join(re.sub(r"[^A-Z.,' /-]", "", text.translate(TO_LETTERS)).split()).strip(" .,'-/")


def nearest(text, words):
    """The most alike word of a list, and how alike it is."""
    scored = ((word, difflib.SequenceMatcher(None, text.upper(), word, autojunk=False).ratio()) for word in words)
    return max(scored, key=lambda pair: pair[1])


def nationality(text):
    """Only foreigners' has a second word."""
    return nearest(text[:3], ["WNA"] if len(text) > 5 else ["WNI", "WNA"])[0] if text else "", min(len(text), 3) / 3


def dated(text):
    """The last date of a text, or nothing; no month begins with 9 and no year with 29, but 0 is read so."""
    found = DATE.findall(text) or DATE.findall(text.translate(TO_DIGITS))
    if not found:
        return ""
    day, month, year = found[-1]
    return f"{day}-{re.sub('^9', '0', month)}-{re.sub('^29', '20', year)}"


def place_and_date(text):
    place, comma, date = text.rpartition(",")
    if comma and dated(date):
        return place, dated(date)
    date = DATE.search(text)
    return (text[:date.start()].strip(" ,."), dated(text)) if date else (text.partition(",")[0], "")


def gender_and_blood(words):
    """The value of the sex, and behind the label of the blood type its value."""
    gender = text_of([word for word in words if word[0] < 0.47])
    rest = "".join(text for x, _, width, text in words if x + width > 0.60 and x > 0.47)
    value = re.split(r"[:;.]|[Dd]arah", rest)[-1].upper().replace("0", "O").replace("8", "B")
    value = re.search(r"(AB|A|B|O|D|Q)([+T-]?)$", value.replace("4", "A"))
    blood = value[1].replace("D", "O").replace("Q", "O") + value[2].replace("T", "+") if value else ""
    return gender, blood


def rt_and_rw(text):
    """Three digits twice; the stroke between them may have been read as a digit."""
    text = "".join(re.findall(r"[\d/]", text.split(" ")[0].translate(TO_DIGITS)))
    pair = re.match(r"(\d{3})(?:/|\d(?=\d{3}))?(\d{3})", text)
    return (pair[1], pair[2]) if pair else tuple((text.split("/") + ["", ""])[:2])


def heading(lines):
    texts = [text for text in map(text_of, lines) if len(text) > 3]
    province, city = (texts + ["", ""])[:2]
    kind, _, rest = city.partition(" ")
    known, score = nearest(kind, ["KABUPATEN", "KOTA"])
    city = f"{known} {letters(rest)}" if score > 0.7 else letters(city)
    return {"province": letters(province.partition(" ")[2]), "city": city}


def issue(lines):
    """The date, and the place that stands above it."""
    texts = [text for text in map(text_of, lines) if len(text) > 2]
    dates = [text for text in texts if dated(text) and sum(map(str.isalpha, text)) < 5]
    above = texts[:texts.index(dates[0])] if dates else texts
    places = [text for text in above if sum(map(str.isalpha, text)) > 2]
    return {"issue_place": letters(places[-1]) if places else "", "issue_date": dated(dates[0]) if dates else ""}


def held_to_date(number, found):
    """The number with the date of birth that is printed, where most of its digits agree."""
    day, month, year = (found["date_of_birth"].split("-") + ["", ""])[:3]
    if len(number) != 16 or not year or found["gender"] not in GENDERS:
        return number
    date = f"{int(day) + 40 * (found['gender'] == 'PEREMPUAN'):02}{month}{year[2:]}"
    wrong = sum(a != b for a, b in zip(number[6:12], date))
    return number[:6] + date + number[12:] if wrong <= 3 else number
