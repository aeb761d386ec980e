// What one call of the inference kernels takes and gives. Shapes are row-major; W lanes are W hyper-parameter points.
#pragma once
#include <cstddef>

namespace nightdose {

enum class Family : int { gaussian = 0, category = 1, count = 2 };

// One diary: T days, F fixed columns, J lagged columns (exposures), P = F + J border coefficients.
struct Diary {
  int T, F, J;
  Family family;
  const unsigned char* seen;   // (T) 1 = an outcome was recorded
  const double* y;             // (T) outcome; the number of the category 0 .. cuts; a count
  int cuts;                    // cutpoints between categories (category family only)
  const double* fixed;         // (T, F)
  const double* input;         // (T, J) doses before the onset filter
  const double* start;         // (J) exposure before the first day
  const double* border_mean;   // (P) prior mean of the coefficients
  const double* border_prec;   // (P) prior precision, > 0
  const double* day_weight;    // (T) weights of the estimand, sum 1
  // (T) sites of expectation propagation to start from, null = a first guess; the same for every point, so that a point
  // never depends on its neighbours
  const double* start_obs;
  const double* start_var;
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
};

struct Settings {
  int max_sweeps;              // expectation propagation
  double tolerance;            // largest change of a site, in units of its cavity
  double damping;              // 1 = none
};

struct Results {
  double* loglik;              // (M) log marginal likelihood, coefficients and path integrated out
  double* mean;                // (M, P) posterior mean of the coefficients
  double* cov;                 // (M, P, P)
  double* exposure;            // (M, J) sum_t day_weight * exposure
  int* sweeps;                 // (M) sweeps used, negative = did not converge
  // filled when not null: path of the expected outcome eta_t | b ~ N(offset_t + slope_t' b, var_t)
  double* offset;              // (M, T)
  double* slope;               // (M, T, P)
  double* var;                 // (M, T)
  double* lagged;              // (M, T, J) exposures
  // filled when not null: the Gaussian site that stands for the outcome of each recorded day
  double* site_obs;            // (M, T)
  double* site_var;            // (M, T)
};

// Both processor variants: `evaluate` for points first .. last - 1. For tests: `moments` writes (n, 3), the log normaliser
// of each interval and its first two derivatives in the cavity mean; `count_moments` the same for counts.
// `expected_category`: base + sum_c jump_c P(x > cut_c) for n normal x that share their cutpoints.
// `log_site_ratio`: sum_t [log p(y_t | eta_t) - log N(site_obs_t; eta_t, site_var_t)] for n paths eta (n, T) that share
// their cutpoints (cuts) and noise_var; out (n).
#define NIGHTDOSE_KERNEL(arch)                                                                         \
  namespace arch {                                                                                     \
  void evaluate(const Diary&, const Points&, const Settings&, const Results&, int first, int last);    \
  void moments(int n, const double* lower, const double* upper, const double* mean, const double* var, \
               double noise_var, double* out);                                                         \
  void expected_category(int n, int cuts, const double* mean, const double* sd, const double* cut,     \
                         const double* jump, double base, double* out);                                \
  void count_moments(int n, const double* y, const double* mean, const double* var, double noise_var,  \
                     double* out);                                                                     \
  void log_site_ratio(int n, int T, Family family, const double* y, int cuts, const double* cut,       \
                      double noise_var, const double* site_obs, const double* site_var,                \
                      const double* eta, double* out);                                                 \
  }
NIGHTDOSE_KERNEL(base)
NIGHTDOSE_KERNEL(avx2)
#undef NIGHTDOSE_KERNEL

constexpr int lanes = 4;
constexpr int max_border = 40;

}  // namespace nightdose
