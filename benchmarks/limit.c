/* The least that one evaluation can cost: model, Jacobian and all products of Jacobian and
 * residual, written by hand for each workload, in float64, see `benchmarks.one_evaluation`.
 *
 * A limit is `void w(x, n, y, p, gram)`: n channels, a multiple of LANES; x of one row, or of two
 * (of W2 the second is log x, of W3 it is y); p the free numbers in their order; gram the upper
 * triangle, (free + 1, free + 1), the residual data - model last. With few numbers the products
 * stay in registers; with more, rows of a block are written and multiplied tile by tile.
 */
#include <string.h>
#ifdef __AVX512F__
#include <immintrin.h>
#define BYTES 64
#elif defined __AVX__
#define BYTES 32
#else
#define BYTES 16
#endif

enum { LANES = BYTES / 8, BLOCK = 160, STRIDE = BLOCK + 24, WIDEST = 64 };
#define ALIGNED __attribute__((aligned(64)))
const int lanes = LANES; /* which Python tells */
typedef double vec __attribute__((vector_size(BYTES), aligned(8), may_alias));
typedef long long whole __attribute__((vector_size(BYTES)));

#define INLINE static inline __attribute__((always_inline))
#define FOR(q, from, to) _Pragma("GCC unroll 16") for (int q = from; q < (to); q++)
#define EACH for (long i = 0; i < n; i += LANES)
#define AT(a) (*(vec *)(a))
#define READ(a) (*(const vec *)(a))
static const double ROOT = 0.39894228040143267794, OVER_PI = 0.31830988618379067154;

/* A polynomial after the logarithm of two has been taken off, as Cody and Waite do. */
INLINE vec vexp(vec x) {
    static const double c[] = {2.51003854955103191e-8, 2.76200884454097482e-7,
        2.75572684599970648e-6, 0.0000248015212959543751, 0.000198412698630536169,
        0.00138888889172137169, 0.00833333333333006183, 0.0416666666666241279,
        0.166666666666666675, 0.500000000000000102, 1, 1};
#ifdef __AVX512F__
    const vec k = (vec)_mm512_roundscale_pd((__m512d)(x * 1.4426950408889634), 8);
#else
    const double shift = 6755399441055744.0; /* 1.5 * 2^52: whole numbers in the last bits */
    const vec kept = x * 1.4426950408889634 + shift, k = kept - shift;
#endif
    const vec r = x - k * 6.93147180369123816490e-01 - k * 1.90821492927058770002e-10;
    vec s = {0};
    FOR(q, 0, 12) s = s * r + c[q];
#ifdef __AVX512F__
    return (vec)_mm512_scalef_pd((__m512d)s, (__m512d)k);
#else
    return (vec)(((whole)s + ((whole)kept << 52)) & (whole)(x > -700.0));
#endif
}

INLINE void add_products(vec *s, const vec *a, int rows) {
    FOR(q, 0, rows) FOR(t, q, rows) s[q * rows + t] += a[q] * a[t];
}

INLINE void write_gram(const vec *s, int rows, double *gram) {
    for (int q = 0; q < rows; q++)
        for (int t = q, k = q * rows + t; t < rows; t++, k++) {
            gram[k] = 0;
            FOR(lane, 0, LANES) gram[k] += s[k][lane];
        }
}

void w1(const double *x, long n, const double *y, const double *p, double *gram) {
    const double A = p[0], over = 1 / p[1], c = p[2], norm = ROOT * over, slope = A * over;
    vec s[25] ALIGNED = {0};
    EACH {
        vec z = (READ(x + i) - c) * over, g = vexp(-0.5 * z * z) * norm, h = slope * g;
        vec a[5] = {g, h * (z * z - 1), h * z, (vec){0} + 1, READ(y + i) - A * g - p[3]};
        add_products(s, a, 5);
    }
    write_gram(s, 5, gram);
}

/* Values of a Gaussian along one axis, and what its derivatives by width and place are of it. */
INLINE void along_axis(const double *x, long n, double over, double c, double (*to)[WIDEST]) {
    EACH {
        vec z = (READ(x + i) - c) * over;
        AT(to[0] + i) = vexp(-0.5 * z * z);
        AT(to[1] + i) = over * (z * z - 1), AT(to[2] + i) = over * z;
    }
}

/* An image by rows and columns; the exponential of a channel is a product of two. */
void w3(const double *x, long n_all, const double *y, const double *p, double *gram) {
    double u[3][WIDEST] ALIGNED, v[3][WIDEST] ALIGNED, height[WIDEST] ALIGNED = {0};
    long n = 1, rows = 0;
    while (n < n_all && x[n_all + n] == x[n_all]) n++;
    for (; rows * n < n_all; rows++) height[rows] = x[n_all + rows * n];
    along_axis(x, n, 1 / p[1], p[3], u);
    along_axis(height, rows, 1 / p[2], p[4], v);
    vec s[36] ALIGNED = {0};
    for (long j = 0; j < rows; j++) {
        const double norm = v[0][j] * ROOT * ROOT / (p[1] * p[2]);
        EACH {
            vec g = READ(u[0] + i) * norm, f = p[0] * g, r = READ(y + j * n + i) - f;
            vec a[6] = {g, f * READ(u[1] + i), f * v[1][j], f * READ(u[2] + i), f * v[2][j], r};
            add_products(s, a, 6);
        }
    }
    write_gram(s, 6, gram);
}

INLINE void gauss(const double *x, long n, const double *p, double *J, double *r) {
    const double A = p[0], over = 1 / p[1], c = p[2], norm = ROOT * over, slope = A * over;
    EACH {
        vec z = (READ(x + i) - c) * over, g = vexp(-0.5 * z * z) * norm, h = slope * g;
        AT(r + i) -= A * g, AT(J + i) = g;
        AT(J + STRIDE + i) = h * (z * z - 1), AT(J + 2 * STRIDE + i) = h * z;
    }
}

INLINE void lorentz(const double *x, long n, const double *p, double *J, double *r) {
    const double A = p[0], g = p[1], c = p[2];
    EACH {
        vec d = READ(x + i) - c, q = 1 / (d * d + g * g), f = OVER_PI * g * q, fq = 2 * A * f * q;
        AT(r + i) -= A * f, AT(J + i) = f;
        AT(J + STRIDE + i) = A * OVER_PI * q - g * fq, AT(J + 2 * STRIDE + i) = d * fq;
    }
}

INLINE void power(const double *logs, long n, const double *p, double *J, double *r) {
    EACH {
        vec l = READ(logs + i), q = vexp(-p[1] * l), f = p[0] * q;
        AT(r + i) -= f, AT(J + i) = q, AT(J + STRIDE + i) = -f * l;
    }
}

INLINE void parabola(const double *x, long n, const double *p, double *J, double *r) {
    EACH {
        vec t = READ(x + i);
        AT(r + i) -= (p[0] * t + p[1]) * t + p[2];
        AT(J + i) = t * t, AT(J + STRIDE + i) = t, AT(J + 2 * STRIDE + i) = (vec){0} + 1;
    }
}

/* Products of a rows with b others, or (b = 0) among themselves; sums are kept as vectors. Each
 * shape has a function, and rows are held fast: else the compiler runs out of registers. */
#ifdef __x86_64__
#define HOLD(v) __asm__("" : "+v"(v))
#else
#define HOLD(v) (void)(v)
#endif
#define OTHERS(a, b) FOR(t, (b) ? 0 : q, (b) ? (b) : (a))
#define TILE(a, b)                                                                                 \
    static __attribute__((noinline)) void tile_##a##_##b(                                          \
        const double *left, const double *right, long n, int rows, vec *to) {                      \
        vec s[a][5], l[5], o[5];                                                                   \
        FOR(q, 0, a) OTHERS(a, b) s[q][t] = to[q * rows + t];                                      \
        EACH {                                                                                     \
            FOR(q, 0, a) { l[q] = READ(left + q * STRIDE + i); HOLD(l[q]); }                       \
            FOR(t, 0, b) { o[t] = READ(right + t * STRIDE + i); HOLD(o[t]); }                      \
            FOR(q, 0, a) OTHERS(a, b) s[q][t] += l[q] * (b ? o[t] : l[t]);                         \
        }                                                                                          \
        FOR(q, 0, a) OTHERS(a, b) to[q * rows + t] = s[q][t];                                      \
    }
TILE(5, 0) TILE(5, 4) TILE(4, 0) TILE(4, 4) TILE(4, 3) TILE(3, 0) TILE(3, 3)

typedef void tile(const double *, const double *, long, int, vec *);
static tile *const TILES[6][2] = {[3] = {tile_3_0, tile_3_3},
    [4] = {tile_4_0, BYTES == 64 ? tile_4_4 : tile_4_3}, [5] = {tile_5_0, tile_5_4}};

/* All products of 12 rows, or of 13: the first tile has one more. */
INLINE void multiply(const double *w, long n, int rows, vec *to) {
    const int side = BYTES == 64 ? 4 : 3; /* as registers hold */
    for (int i = rows % side; i < rows; i += side) {
        const int from = i < side ? 0 : i, a = i < side ? i + side : side;
        for (int j = from, b = 0; j < rows; j += b ? side : a, b = 1)
            TILES[a][b](w + from * STRIDE, w + j * STRIDE, n, rows, to + from * rows + j);
    }
}

/* A model of m - 1 numbers whose rows, from x + at on, are written by FILL, the residual's last. */
#define BLOCKWISE(name, m, FILL)                                                                   \
    void name(const double *x, long all, const double *y, const double *p, double *gram) {         \
        static double work[(m) * STRIDE] ALIGNED;                                                  \
        double *J = work, *r = work + ((m) - 1) * STRIDE;                                          \
        vec s[(m) * (m)] ALIGNED = {0};                                                            \
        for (long at = 0; at < all; at += BLOCK) {                                                 \
            const long n = all - at < BLOCK ? all - at : BLOCK;                                    \
            memcpy(r, y + at, n * sizeof *y);                                                      \
            FILL multiply(work, n, m, s);                                                          \
        }                                                                                          \
        write_gram(s, m, gram);                                                                    \
    }
#define LINE(k) (p + (k)), J + (k) * STRIDE, r

BLOCKWISE(w2, 12, gauss(x + at, n, LINE(0)); gauss(x + at, n, LINE(3)); gauss(x + at, n, LINE(6));
          power(x + all + at, n, LINE(9));)
BLOCKWISE(w4, 13, lorentz(x + at, n, LINE(0)); gauss(x + at, n, LINE(3)); gauss(x + at, n, LINE(6));
          parabola(x + at, n, LINE(9));)
