/**
 * The functions a formula may call that JavaScript's Math lacks, to about fourteen digits: what
 * the kernel has from scipy. Pure: no DOM.
 */

const ROOT_PI = Math.sqrt(Math.PI);

/** A polynomial, highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

// Error function: W. J. Cody, Rational Chebyshev approximations for the error function,
// Math. Comp. 23 (1969) 631-637.

const NEAR_TOP = [
  0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694,
];
const NEAR_BOTTOM = [
  1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171,
];
const MIDDLE_TOP = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163,
  298.6351381974001, 881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const MIDDLE_BOTTOM = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903,
  3290.7992357334597, 4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
const TAIL_TOP = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926,
  0.016083785148742275, 0.0006587491615298378,
];
const TAIL_BOTTOM = [
  1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132,
  0.0023352049762686918,
];
const NEAR = 0.46875;

/** 1 - erf(x) for x of at least `NEAR`, with all its digits. */
function complement(x: number): number {
  if (x > 28) return 0;
  // The square is split, since its rounding would spoil the exponential.
  const coarse = Math.trunc(x * 16) / 16;
  const bell = Math.exp(-coarse * coarse) * Math.exp(-(x - coarse) * (x + coarse));
  if (x <= 4) return (bell * polynomial(MIDDLE_TOP, x)) / polynomial(MIDDLE_BOTTOM, x);
  const y = 1 / (x * x);
  const tail = (y * polynomial(TAIL_TOP, y)) / polynomial(TAIL_BOTTOM, y);
  return (bell * (1 / ROOT_PI - tail)) / x;
}

export function erf(x: number): number {
  const size = Math.abs(x);
  if (size >= NEAR) return Math.sign(x) * (1 - complement(size));
  const square = x * x;
  return (x * polynomial(NEAR_TOP, square)) / polynomial(NEAR_BOTTOM, square);
}

export function erfc(x: number): number {
  if (x >= NEAR) return complement(x);
  return x <= -NEAR ? 2 - complement(-x) : 1 - erf(x);
}

// Gamma function: Abramowitz & Stegun, Handbook of Mathematical Functions, 6.1.15 (shift),
// 6.1.17 (reflection), 6.1.33 (series around 2), 6.1.41 (large arguments).

/** The Riemann zeta function less 1, at 2, 3, ... */
const ZETA_LESS_1 = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993,
  0.01734306198444914, 0.008349277381922827, 0.00407735619794434, 0.0020083928260822143,
  0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
  6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6,
  3.81729326499984e-6, 1.908212716553939e-6, 9.539620338727962e-7, 4.769329867878064e-7,
  2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8,
  1.4901554828365043e-8,
];
const AROUND_2 = [
  ...ZETA_LESS_1.map((zeta, k) => (k % 2 ? -zeta : zeta) / (k + 2)).reverse(),
  0.42278433509846713, // 1 - Euler's constant
  0,
];
const STIRLING = [1 / 156, -691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12];
const LARGE = 10;
const HALF_LOG_2PI = 0.9189385332046728;

/** sin(pi x), with its digits also where x is large. */
function sinPi(x: number): number {
  const rest = x - 2 * Math.round(x / 2);
  return Math.sin(Math.PI * rest);
}

/** log(gamma(x)) for x between 1/2 and 5/2. */
function logNear2(x: number): number {
  return x < 1.5 ? polynomial(AROUND_2, x - 1) - Math.log1p(x - 1) : polynomial(AROUND_2, x - 2);
}

/** A number of at most 5/2 that differs from x by a whole one, and gamma(x) / gamma(that). */
function shiftDown(x: number): [number, number] {
  let product = 1;
  let rest = x;
  while (rest > 2.5) {
    rest -= 1;
    product *= rest;
  }
  return [rest, product];
}

export function gamma(x: number): number {
  if (x > 172) return Number.POSITIVE_INFINITY;
  if (x < 0.5) {
    if (x === 0) return 1 / x;
    if (Number.isInteger(x) || x === Number.NEGATIVE_INFINITY) return Number.NaN;
    return Math.PI / (sinPi(x) * gamma(1 - x));
  }
  const [rest, product] = shiftDown(x);
  return product * Math.exp(logNear2(rest));
}

export function loggamma(x: number): number {
  if (!Number.isFinite(x)) return x;
  if (x <= 0 && Number.isInteger(x)) return Number.POSITIVE_INFINITY;
  if (x < 0.5) return Math.log(Math.PI / Math.abs(sinPi(x))) - loggamma(1 - x);
  if (x < LARGE) {
    const [rest, product] = shiftDown(x);
    return Math.log(product) + logNear2(rest);
  }
  const series = polynomial(STIRLING, 1 / (x * x)) / x;
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_2PI + series;
}

// Voigt profile: the real part of the Faddeeva function, by the trapezoidal rule with the residue
// of its pole (M. Al Azah & S. N. Chandler-Wilde, SIAM J. Numer. Anal. 59 (2021) 2346-2367), far
// out by the asymptotic series (NIST Digital Library of Mathematical Functions, 7.12.1). All terms
// of the real part's sum are positive, so it keeps its digits in the wings, where it is much
// smaller than the imaginary part.

const STEP = 0.5;
const NODES = 14;
const CUTOFF = Math.PI / STEP;
const FAR = 128;
/** 1, 1, 1*3, 1*3*5, ..., highest first. */
const ODD_PRODUCTS = Array.from({ length: 15 }, (_, k) => {
  let product = 1;
  for (let odd = 2 * k - 1; odd > 1; odd -= 2) product *= odd;
  return product;
}).reverse();
const FIRST_ODD_PRODUCTS = ODD_PRODUCTS.slice(-5);
const ON_NODES = Array.from({ length: NODES }, (_, k) => (k + 1) * STEP);
const BETWEEN_NODES = Array.from({ length: NODES }, (_, k) => (k + 0.5) * STEP);
const withWeight = (t: number): [number, number] => [t, Math.exp(-t * t)];
const ON = ON_NODES.map(withWeight);
const BETWEEN = BETWEEN_NODES.map(withWeight);

/** Re w(x + iy) for x and y of at least 0 and |x + iy| of at most 8. */
function faddeevaReal(x: number, y: number): number {
  const place = x / STEP;
  const between = Math.abs(place - Math.round(place)) < 0.25;
  const square = x * x + y * y;
  let sum = between || y === 0 ? 0 : y / square;
  for (const [t, weight] of between ? BETWEEN : ON) {
    const both = square + t * t;
    const apart = 2 * x * t;
    sum += (2 * y * weight * both) / ((both - apart) * (both + apart));
  }
  sum *= STEP / Math.PI;
  if (y >= CUTOFF) return sum;
  const growth = (between ? 1 : -1) * Math.exp(2 * CUTOFF * y);
  const real = 1 + growth * Math.cos(2 * CUTOFF * x);
  const imaginary = -growth * Math.sin(2 * CUTOFF * x);
  const angle = 2 * x * y;
  const pole = real * Math.cos(angle) - imaginary * Math.sin(angle);
  const bell = Math.exp((y - x) * (y + x));
  return sum + (2 * bell * pole) / (real * real + imaginary * imaginary);
}

/** The profile where x**2 + gamma**2 > 128 sigma**2. */
function voigtFar(x: number, sigma: number, gamma: number): number {
  const size = x * x + gamma * gamma;
  if (size === Number.POSITIVE_INFINITY) return 0;
  // (sigma / (x + i gamma))**2
  const scale = (sigma / size) * sigma;
  const real = (scale * (x - gamma) * (x + gamma)) / size;
  const imaginary = (-2 * scale * x * gamma) / size;
  let sum = 0;
  let sumImaginary = 0;
  for (const product of scale < 1e-4 ? FIRST_ODD_PRODUCTS : ODD_PRODUCTS) {
    const before = sum;
    sum = before * real - sumImaginary * imaginary + product;
    sumImaginary = before * imaginary + sumImaginary * real;
  }
  const wing = (gamma * sum - x * sumImaginary) / (Math.PI * size);
  if (gamma > 1e-6 * sigma || sigma === 0) return wing;
  const bell = Math.exp(((gamma - x) * (gamma + x)) / (2 * sigma * sigma));
  const times = gamma < -1e-6 * sigma ? 2 : 1;
  const wave = Math.cos((x * gamma) / (sigma * sigma));
  return wing + (times * bell * wave) / (sigma * Math.sqrt(2 * Math.PI));
}

/**
 * The Voigt profile of area 1: a Gaussian of standard deviation `sigma` (its sign is of no account)
 * convolved with a Lorentzian of half width `gamma`; continued below `gamma` 0.
 */
export function voigt(x: number, sigma: number, gamma: number): number {
  const s = Math.abs(sigma);
  if (s === 0 && gamma === 0 && !Number.isNaN(x)) return x === 0 ? Number.POSITIVE_INFINITY : 0;
  if (x * x + gamma * gamma > FAR * s * s) return voigtFar(x, s, gamma);
  const a = Math.abs(x) / (s * Math.SQRT2);
  const b = Math.abs(gamma) / (s * Math.SQRT2);
  let real = faddeevaReal(a, b);
  if (gamma < 0) real = 2 * Math.exp((b - a) * (b + a)) * Math.cos(2 * a * b) - real;
  return real / (s * Math.sqrt(2 * Math.PI));
}

/** 0 below 0, 1 above, `atZero` at 0. */
export function heaviside(x: number, atZero: number): number {
  if (x === 0) return atZero;
  return x > 0 ? 1 : x < 0 ? 0 : Number.NaN;
}

/** What a formula's JavaScript is handed as `hs`. */
export const hs = { erf, erfc, gamma, loggamma, voigt, heaviside };
