// What the inference kernels take and give. Shapes are row-major; a lane is a hyper-parameter point.
#pragma once
#include <cstddef>

namespace nightdose {

enum class Family : int { gaussian = 0, category = 1, count = 2 };

// One diary: T days, F fixed columns, J lagged columns (exposures), P = F + J border coefficients.
struct Diary {
  int T, F, J;
  Family family;
  int cuts;                    // cutpoints between categories (category family only)
  const unsigned char* seen;   // (T) 1 = an outcome was recorded
  const double* y;             // (T) outcome; the number of the category 0 .. cuts; a count
  const double* spread;        // (T) factor on the noise variance of a day, null = 1
  double rounding_var;         // of writing an outcome down, beside the noise (Gaussian family)
  const double* fixed;         // (T, F)
  const double* input;         // (T, J) doses before the onset filter
  const double* start;         // (J) exposure before the first day
  const double* border_mean;   // (P) prior mean of the coefficients
  const double* border_prec;   // (P) prior precision, > 0
  const double* day_weight;    // (T) weights of the estimand, sum 1
  // (T) sites of expectation propagation to start from, null = a first guess; the same for every point, so that a point
  // never depends on its neighbours: their means, and what their variances have beyond the day's noise
  const double* start_obs;
  const double* start_beyond;
};

// M hyper-parameter points; every array has length M, `tau` is (M, J) with 0 = no onset delay, `cut` is (M, cuts),
// rising: category k is cut[k - 1] < eta + e <= cut[k].
struct Points {
  int M;
  const double* level_sd;      // innovation sd of the random-walk level, per day
  const double* ar_sd;         // stationary sd of the AR(1) spells
  const double* ar_phi;        // their day-to-day correlation
  const double* noise_sd;      // sd of the observation noise
  const double* tau;           // onset time constant, days
  const double* cut;
  const double* site_obs;      // (M, T) sites that are known already, null = to be found
  const double* site_var;
  const int* order = nullptr;  // (M) in which they fill the registers, null = as they are: neighbours wait for each other
  int in_turn(int i) const { return order ? order[i] : i; }
};

// Expectation propagation.
struct Settings {
  int max_sweeps;
  double tolerance;            // sum of the squared changes of all sites in the last round, in units of their cavities
};

// `evaluate`: arrays of length M unless said; mean null = nothing but the log likelihood is wanted.
struct Evaluations {
  double* loglik;              // log marginal likelihood, coefficients and path integrated out
  double* mean;                // (M, P) posterior mean of the coefficients
  double* cov;                 // (M, P, P)
  double* exposure;            // (M, J) sum_t day_weight * exposure
  int* sweeps;                 // sweeps used, negative = did not converge
  double* site_obs;            // (M, T) the Gaussian site that stands for each recorded day; null = not wanted
  double* site_var;
};

// `paths`: eta_t | b ~ N(offset + slope' b, var) on D chosen days, rising.
struct PathRequest { int D; const int* days; };
struct Paths {
  double* offset;              // (M, D)
  double* slope;               // (M, D, P)
  double* var;                 // (M, D)
  double* lagged;              // (M, D, J) exposures
  double* mean;                // (M, P)
  double* cov;                 // (M, P, P)
};

// `curves`: mean and variance of every day's eta over weighted points, with all columns and without some of them.
struct CurveRequest {
  const double* weight;        // (M) sum 1
  const unsigned char* left_out;  // (P) 1 = a column taken away in the second curve
};
struct Curves {
  double* mean;                // (2, T)
  double* square;              // (2, T) mean of eta^2
};

// `left_out`: what all other days say of eta on each recorded day, coefficients included; (M, T), 0 where none was recorded.
struct Cavities { double* mean; double* var; };

// `products`: sums over Sigma^-1 from which further columns can be judged without another pass. K = 1 + P columns:
// the outcome and the border's. B further columns in groups of at most `widest_group`, and a step at every day.
struct ProductRequest {
  int B;
  const double* further;       // (T, B)
  const int* group;            // (B) number of the group of each column, not falling
};
struct Products {
  double* gram;                // (M, K, K) [y Z]' Sigma^-1 [y Z]
  double* logdet;              // (M) log |Sigma|
  double* cross;               // (M, B, K) of each further column with [y Z]
  double* own;                 // (M, B, widest_group) with itself and the columns before it in its group, nearest first
  double* step_cross;          // (M, T, K) of 1{t >= day} with [y Z]
  double* step_own;            // (M, T) with itself
};
// How a latent normal becomes an outcome on average: a count, base + sum_c jump_c P(x > cut_c), or the same in closed form
// for equal steps of 1 (`even`) from low to high, where a normal is not narrower than a step.
struct Link {
  Family family;
  bool even;
  int cuts;
  const double* cut;           // (cuts), of one point
  const double* jump;          // (cuts)
  double base;
  double low, high, step;      // of even ones: the outermost cuts' far sides
};

// `bends`, at one point on D days: the outcome expected at eta ~ N(middle + along u + aside v, left) minus that without the
// day's effect felt + felt_along u + felt_aside v, for u and v each at three nodes; noise_var is added to left.
struct Standing { int D; const double *middle, *along, *aside, *felt, *felt_along, *felt_aside, *left; double noise_var; };
struct Bends { double *gain, *gain_size, *felt, *felt_size; };  // (3, 3) at v and u: sums and sums of sizes over days

// A mixture of n functions g(u) = (mid + slope u) exp(b0 + b1 u + b2 u^2) + r0 + r1 u + r2 u^2 of a standard normal u, slope >= 0,
// the parabolas held where |u| is beyond `farthest`; bend, rest : (3, n), null = straight, g = mid + slope u.
struct Mixed {
  int n;
  const double *weight, *mid, *slope;
  const double *bend, *rest;
  double farthest;
};
constexpr int mixture_knots = 13;  // values of u, evenly from -farthest to farthest, between which g is searched
constexpr int mixture_rows = mixture_knots + 3;

// A mixture of K normals of dimension dim, each in C copies of other widths. centres : (K, dim); unroots : (K, dim, dim) inverses of
// the lower triangular roots; constants : (K, C) what does not depend on the place; widths : (C).
struct Normals { int K, dim, C; const double *centres, *unroots, *constants, *widths; };

// What further columns add to a fit at a hyper-parameter point. C candidates of Q columns each at N points; K = 1 + P products.
// cross : (N, C, Q, K); own : (N, C, Q, Q); sd : (C, Q); mean : (N, K), cov : (N, K, K) of the coefficients that are there, zeros
// for the outcome, which comes first.
struct Candidates {
  size_t N, C, Q, K;
  const double *cross, *own, *sd, *mean, *cov;
};
struct Gains { double *log_ratio, *coefficients, *cov; };  // (N, C); (N, C, Q) G r; (N, C, Q, Q) G

constexpr int widest_group = 6;
constexpr int max_border = 40;

// Every processor variant, for points first .. last - 1. For tests: `moments` writes (n, 3), the log normaliser
// of each interval and its first two derivatives in the cavity mean; `count_moments` the same for counts.
// `expected`: the outcome that a link makes of n normals on average.
// `at_knots`: (mixture_rows, n) values of g at its knots, du/dg below the first and above the last, and 1 where g rises from knot
// to knot. `mixture_below`: sum of weights times P(g <= x), from that table.
// `mixture_at`: the mean of g where the straight line mid + slope u is each of x (K), over the components by their densities there.
// `gain_of_one`: what candidates of one column add; of any width, gain.hpp.
// `log_density`: log sum over components and copies of exp(constant - |unroot (z - centre)|^2 / (2 width^2)) at z (n, dim); out (n).
// `log_site_ratio`: sum_t [log p(y_t | eta_t) - log N(site_obs_t; eta_t, site_var_t)] for n paths eta (n, T) that share
// their cutpoints (cuts) and the noise_var of each day (T); out (n).
#define NIGHTDOSE_KERNEL(arch)                                                                                           \
  namespace arch {                                                                                                       \
  int width();                                                                                                           \
  void evaluate(const Diary&, const Points&, const Settings&, const Evaluations&, int first, int last);                  \
  void paths(const Diary&, const Points&, const Settings&, const PathRequest&, const Paths&, int first, int last);       \
  void curves(const Diary&, const Points&, const Settings&, const CurveRequest&, const Curves&, int first, int last);    \
  void left_out(const Diary&, const Points&, const Settings&, const Cavities&, int first, int last);                     \
  void products(const Diary&, const Points&, const Settings&, const ProductRequest&, const Products&, int first, int last); \
  void moments(int n, const double* lower, const double* upper, const double* mean, const double* var,                   \
               double noise_var, double* out);                                                                           \
  void expected(int n, const double* mean, const double* var, double noise_var, const Link&, double* out);               \
  void at_knots(const Mixed&, double* out);                                                                              \
  double mixture_below(const Mixed&, const double* table, double x);                                                     \
  void mixture_at(const Mixed&, int K, const double* x, double* out);                                                    \
  void gain_of_one(const Candidates&, const Gains&);                                                                     \
  void bends(const Standing&, const double* nodes, const Link&, const Bends&);                                           \
  void count_moments(int n, const double* y, const double* mean, const double* var, double noise_var, double* out);      \
  void log_density(const Normals&, int n, const double* z, double* out);                                                 \
  void log_site_ratio(int n, int T, Family family, const double* y, int cuts, const double* cut,                         \
                      const double* noise_var, const double* site_obs, const double* site_var, const double* eta,            \
                      double* out);                                                                                      \
  }
NIGHTDOSE_KERNEL(base)
NIGHTDOSE_KERNEL(avx2)
NIGHTDOSE_KERNEL(avx512)
#undef NIGHTDOSE_KERNEL

}  // namespace nightdose
