"""Checks this audit pack: python3 verify.py [the SHA-256 of SHA256SUMS as it was noted elsewhere]"""
import hashlib
import json
import pathlib
import sys

def sha(value):
    text = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False, sort_keys=True, separators=",:")
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()

here, parts, named = pathlib.Path(__file__).resolve().parent, [], {}
sums = (here / "SHA256SUMS").read_bytes()
listed = {line[66:]: line[:64] for line in sums.decode(errors="replace").splitlines()}
found = {path.relative_to(here).as_posix(): sha(path.read_bytes()) for path in here.rglob("*") if path.is_file()}
names = sorted((found.keys() | listed.keys()) - {"SHA256SUMS"})
wrong = [f"changed, missing or not listed: {name}" for name in names if found.get(name) != listed.get(name)]
wrong += [f"SHA256SUMS is not {noted}" for noted in sys.argv[1:] if noted != sha(sums)]
for name in [] if wrong else [name for name in names if name.endswith(".json")]:
    json.loads((here / name).read_bytes(), object_hook=lambda part: parts.append(part) or part)
log = {part["number"]: part["digest"] for part in parts if "previous" in part}
for line in [part for part in parts if "previous" in part]:
    said = [line[name] for name in ("previous", "number", "at", "by", "team", "case", "kind", "subject", "data", "rows") if name in line]
    wrong += [] if sha(said) == line["digest"] and log.get(line["number"] - 1, line["previous"]) == line["previous"] else [f"line {line['number']}"]
    named.update({(table.split("@")[0], key): own[key] for table, own in line.get("rows", {}).items() for key in own})
held = {(part["case"], part["data"].get("digest")) for part in parts if part.get("kind") == "decision-signed" and "previous" in part}
signed = {(part["case"], sha(part["signed"])) for part in parts if "signed" in part}
rows = [(tuple(part["row"]), sha([*part["row"], part["columns"]])) for part in parts if "columns" in part]
wrong += [f"signature {each}" for each in signed - held] + [f"row {row}" for row, digest in rows if named.get(row, digest) != digest]
print(f"{len(listed)} files, {len(log)} lines of the log, {len(signed)} signatures, {len([r for r, _ in rows if r in named])} rows, digest {sha(sums)}")
sys.exit("WRONG: " + ", ".join(wrong) if wrong else 0)
