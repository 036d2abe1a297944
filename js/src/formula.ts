/** A formula as mathematics: from the text of a component to MathML, which browsers draw. */

type Token = { kind: "number" | "name" | "sign"; text: string };

const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(\*\*|<=|>=|[-+*/^(),<>]))/y;
const GREEK: Record<string, string> = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  epsilon: "ε",
  eta: "η",
  theta: "θ",
  kappa: "κ",
  lamda: "λ",
  mu: "μ",
  nu: "ν",
  pi: "π",
  rho: "ρ",
  sigma: "σ",
  tau: "τ",
  phi: "φ",
  Phi: "Φ",
  chi: "χ",
  psi: "ψ",
  omega: "ω",
};

/**
 * The MathML of a formula; null for a text that is none, which is then shown as it is. What follows
 * the first semicolon stands for names in it, and is a line of its own.
 */
export function mathOf(text: string): string | null {
  const [main = "", ...rest] = text.split(";");
  const drawn = drawSum(main);
  if (drawn === null) return null;
  const definitions = rest.filter((one) => one.trim() !== "").map(drawDefinition);
  if (definitions.includes(null)) return null;
  const lines = definitions.length === 0 ? [drawn] : [drawn, definitions.join(GAP)];
  const open = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">';
  return lines.map((line) => `${open}<mrow>${line}</mrow></math>`).join("");
}

/** Room between two definitions on a line. */
const GAP = '<mo>,</mo><mspace width="1em"></mspace>';

function drawDefinition(text: string): string | null {
  const [, name, of] = /^\s*([A-Za-z_]\w*)\s*=([^=]*)$/.exec(text) ?? [];
  const drawn = of === undefined ? null : drawSum(of);
  return name === undefined || drawn === null ? null : row(symbol(name), sign("="), drawn);
}

function drawSum(text: string): string | null {
  const tokens = read(text);
  if (tokens === null) return null;
  try {
    const parser = makeParser(tokens);
    const inside = parser.sum();
    return parser.done() ? inside : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function read(text: string): Token[] | null {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN.source, "y");
  while (pattern.lastIndex < text.trimEnd().length) {
    const found = pattern.exec(text);
    if (found === null) return null;
    const [, number, name, sign] = found;
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else tokens.push({ kind: "sign", text: sign ?? "" });
  }
  return tokens;
}

const row = (...parts: string[]) => `<mrow>${parts.join("")}</mrow>`;
const sign = (text: string) => `<mo>${text}</mo>`;
// As tall as what is inside, and not as far below the line as above it.
const fence = (text: string) => `<mo symmetric="false">${text}</mo>`;
const fenced = (inside: string) => row(fence("("), inside, fence(")"));
const bare = (inside: string) => {
  const [before, after] = [`<mrow>${fence("(")}`, `${fence(")")}</mrow>`];
  const whole = inside.startsWith(before) && inside.endsWith(after);
  return whole ? inside.slice(before.length, -after.length) : inside;
};

function symbol(name: string): string {
  const [, letters = name, below = ""] = /^([A-Za-z]+?)_?(\d+|_\w+)?$/.exec(name) ?? [];
  const main = GREEK[letters] ?? letters;
  const made = `<mi>${main}</mi>`;
  const under = below.replace(/^_/, "");
  return under === "" ? made : `<msub>${made}<mn>${under}</mn></msub>`;
}

type Parser = { sum(): string; done(): boolean };

function makeParser(tokens: readonly Token[]): Parser {
  let at = 0;
  const peek = () => tokens[at];
  const take = (text: string) => {
    if (peek()?.text !== text || peek()?.kind !== "sign") return false;
    at += 1;
    return true;
  };
  const must = (text: string) => {
    if (!take(text)) throw new SyntaxError(`${text} is missing`);
  };

  function sum(): string {
    const parts = [take("-") ? sign("−") : "", product()];
    for (;;) {
      const way = ["+", "-", "<", ">", "<=", ">="].find((one) => take(one));
      if (way === undefined) break;
      const shown: Record<string, string> = { "-": "−", "<": "&lt;", ">": "&gt;" };
      parts.push(sign(shown[way] ?? way.replace("<=", "≤").replace(">=", "≥")), product());
    }
    return row(...parts);
  }
  function product(): string {
    let made = power();
    for (;;) {
      if (take("*")) made = row(made, sign("·"), power());
      else if (take("/")) made = `<mfrac>${row(bare(made))}${row(bare(power()))}</mfrac>`;
      else return made;
    }
  }
  function power(): string {
    const base = atom();
    if (!take("**") && !take("^")) return base;
    const exponent = take("-") ? row(sign("−"), power()) : power();
    return `<msup>${base}${row(bare(exponent))}</msup>`;
  }
  function atom(): string {
    const token = peek();
    if (token === undefined) throw new SyntaxError("it ends too early");
    if (take("(")) {
      const inside = sum();
      must(")");
      return fenced(inside);
    }
    if (take("-")) return row(sign("−"), power());
    at += 1;
    if (token.kind === "number") return `<mn>${token.text}</mn>`;
    if (token.kind !== "name") throw new SyntaxError(`${token.text} is not expected`);
    return take("(") ? call(token.text) : symbol(token.text);
  }
  function call(name: string): string {
    const given: string[] = [];
    if (!take(")")) {
      do given.push(sum());
      while (take(","));
      must(")");
    }
    const [first = ""] = given;
    if (name === "sqrt") return `<msqrt>${first}</msqrt>`;
    if (name === "abs" || name === "Abs") return row(sign("|"), first, sign("|"));
    if (name === "exp") return row("<mi>exp</mi>", fenced(first));
    return row(`<mi>${name}</mi>`, fenced(given.join(sign(","))));
  }
  return { sum, done: () => at === tokens.length };
}
