import hashlib
import json
import pathlib
import sys


def sha(value):  # of bytes, or of JSON with sorted keys
    data = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False, sort_keys=True, separators=",:")
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


here = pathlib.Path(__file__).resolve().parent
sums = (here / "SHA256SUMS").read_bytes()
listed = {line[66:]: line[:64] for line in sums.decode(errors="replace").splitlines()}
found = {path.relative_to(here).as_posix(): sha(path.read_bytes()) for path in here.rglob("*") if path.is_file()}
wrong = [f"changed or not listed: {name}" for name in found if name != "SHA256SUMS" and listed.get(name) != found[name]]
wrong += [f"missing: {name}" for name in listed if name not in found]
wrong += [f"SHA256SUMS is not {noted}" for noted in sys.argv[1:] if noted != sha(sums)]
parts = [] if wrong else [json.loads((here / name).read_bytes()) for name in sorted(listed) if name.endswith(".json")]
log = {line["number"]: line for part in parts for line in part.get("lines", [])}
for number, line in log.items():
    names = ("previous", "number", "at", "by", "team", "case", "kind", "subject", "data")
    follows = number - 1 not in log or log[number - 1]["digest"] == line["previous"]
    wrong += [] if follows and sha([line[name] for name in names]) == line["digest"] else [f"line {number} of the log"]
logged = {(line["case"], line["data"].get("digest")) for line in log.values() if line["kind"] == "decision-signed"}
signed = [signature for part in parts for signature in part.get("signatures", [])]
wrong += [f"signature {s['case']}" for s in signed if (s["case"], sha(s["content"])) not in logged]
print(f"{len(listed)} files, {len(log)} lines of the log, {len(signed)} signatures, SHA-256 of SHA256SUMS: {sha(sums)}")
sys.exit("WRONG: " + ", ".join(wrong) if wrong else 0)
