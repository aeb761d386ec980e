// log p(y | hyper-parameters) of one diary at W hyper-parameter points at once, one point a vector lane.
//
//   y_t   = eta_t + e_t,  e_t ~ N(0, R_t)            (Gaussian outcome: R_t = noise_sd^2; else the site of day t)
//   category k  where  cut_(k-1) < eta_t + e_t <= cut_k;    count ~ Poisson(exp(eta_t + e_t));  e_t ~ N(0, noise_sd^2)
//   eta_t = level_t + spell_t + z_t' b
//   level_t = level_(t-1) + N(0, level_sd^2), level_(-1) = 0;   spell_t = phi spell_(t-1) + N(0, ar_sd^2 (1 - phi^2))
//   b ~ N(border_mean, diag(border_prec)^-1);  z_t = (fixed_t, exposure_t(tau))
//
// A Kalman filter runs over the outcome and every column of Z alike (augmented filter, de Jong 1991), so that with
// Sigma = cov(level + spell + e):  A = [y Z]' Sigma^-1 [y Z] and log|Sigma| come out of one pass, and b is exact.
// The backward pass gives rows of Sigma^-1 [y Z] and its diagonal (de Jong 1989), from which the leave-one-out
// predictive of each day follows: with M = (Sigma + Z D^-1 Z')^-1,  cavity mean = y_t - (M (y - Z m0))_t / M_tt,
// cavity var = 1 / M_tt - R_t. Expectation propagation (Minka 2001) replaces a category or a count by a Gaussian
// site with that cavity; the tilted moments are closed forms for categories and a Gauss-Hermite sum for counts.
// The slow twin is src/nightdose/inference/reference.py.
#include "kernel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

namespace nightdose {
namespace NIGHTDOSE_ARCH {
namespace {

constexpr int W = lanes;
typedef double V __attribute__((vector_size(8 * W)));

inline V all(double x) { return V{x, x, x, x}; }

const double log_2pi = 1.8378770664093454836;
const double largest_site_var = 1e6;  // a site that says nothing; outcomes are standardised

// Chebyshev series of the Mills ratio over t = 1 / (1 + x / 4): (1 - Phi(x)) / phi(x) = t sum_i c_i T_i(2 t - 1) for
// x >= 0, fitted at 2,000 Chebyshev nodes; relative error below 2e-13 (tests/inference/test_moments.py).
constexpr int mills_terms = 19;
const double mills[mills_terms] = {
    6.08140107128760321e-01, 4.71063643644870966e-01, 1.39239162274095551e-01, 3.04039930360511523e-02,
    4.34017703593194987e-03, 2.00905300182468701e-04, -6.30087337011321749e-05, -1.18459298175999556e-05,
    6.33147284163622118e-07, 3.85101746133940693e-07, -2.11874009110884994e-09, -1.29633465927640056e-08,
    -7.07032740963278595e-11, 4.87164206614547593e-10, -6.22990290960197192e-12, -1.98931146679023389e-11,
    1.15471924480760991e-12, 8.22725204192795686e-13, -1.09032444200118038e-13};

typedef long long VI __attribute__((vector_size(8 * W)));

inline V choose(VI mask, V yes, V no) { return (V)((mask & (VI)yes) | (~mask & (VI)no)); }
inline V largest(V a, V b) { return choose(a > b, a, b); }
inline V least(V a, V b) { return choose(a < b, a, b); }

// exp(x) for |x| < 708: 2^n exp(r) with |r| <= ln 2 / 2 and the Taylor series of degree 13.
inline V exp_lanes(V x) {
  const V magic = all(6755399441055744.0);  // 1.5 * 2^52: its sum with an integer holds that integer in the low bits
  const V shifted = x * 1.4426950408889634074 + magic, n = shifted - magic;
  const V r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
  static const double inverse_factorial[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
                                             1.0 / 40320,      1.0 / 5040,      1.0 / 720,      1.0 / 120,     1.0 / 24,
                                             1.0 / 6,          0.5,             1.0,            1.0};
  V p = all(inverse_factorial[0]);
  for (int i = 1; i < 14; ++i) p = p * r + inverse_factorial[i];
  return (V)((VI)p + ((VI)shifted << 52));
}

struct Tail { V density, upper; };  // phi(x) and 1 - Phi(x) for x >= 0

inline Tail tail(V x) {
  const V t = 1.0 / (1.0 + 0.25 * x), k2 = 4.0 * t - 2.0;
  V b1 = all(0), b2 = all(0);
  for (int i = mills_terms - 1; i > 0; --i) { const V b0 = k2 * b1 - b2 + mills[i]; b2 = b1; b1 = b0; }
  const V ratio = t * (0.5 * k2 * b1 - b2 + mills[0]);
  const V density = 0.39894228040143267794 * exp_lanes(-0.5 * x * x);
  return {density, density * ratio};
}

inline V root(V x) {
  for (int k = 0; k < W; ++k) x[k] = std::sqrt(x[k]);
  return x;
}

struct Tilted { V z, d1, d2; };  // normaliser, and the first two derivatives of its logarithm in the cavity mean

// P(lower < eta + e < upper) for eta ~ N(m, v), e ~ N(0, noise_var); open ends are infinite.
inline Tilted interval_moments(V lower, V upper, V m, V v, V noise_var) {
  const V inv_s = root(1.0 / (v + noise_var));
  const V far = all(37.0);  // beyond, the density is below 1e-297; the far tail is mended in `rescue`
  const V low = largest(-far, least(far, (lower - m) * inv_s));
  const V high = largest(-far, least(far, (upper - m) * inv_s));
  const VI flip = low > 0;  // work in the left tail, where differences keep their digits
  const V a = choose(flip, -high, low), b = choose(flip, -low, high);
  const Tail at_a = tail(-a), at_b = tail(choose(b > 0, b, -b));
  const V z = choose(b > 0, 1.0 - at_b.upper, at_b.upper) - at_a.upper;
  const V inv_z = 1.0 / z;
  const V ratio1 = (at_a.density - at_b.density) * inv_z, ratio2 = (b * at_b.density - a * at_a.density) * inv_z;
  const V d1 = ratio1 * inv_s;
  return {z, choose(flip, -d1, d1), -(ratio2 + ratio1 * ratio1) * inv_s * inv_s};
}

// One lane whose interval lies so far out that z underflows: all mass sits at the near end b, z ~ phi(b) / |b|.
void rescue(double lower, double upper, double m, double v, double noise_var, int k, Tilted& out, double& logz) {
  const double s = std::sqrt(v + noise_var), a = (lower - m) / s, b = (upper - m) / s;
  const bool right = a > 0;
  const double c = right ? a : -b, correction = 1 - 1 / (c * c);
  logz = -0.5 * c * c - std::log(c) - 0.5 * log_2pi + std::log(correction);
  const double ratio1 = -c / correction;
  out.d1[k] = (right ? -ratio1 : ratio1) / s;
  out.d2[k] = -(-c * c / correction + ratio1 * ratio1) / (s * s);
}

inline bool underflows(double z) { return !(z > 1e-280); }

// Nodes and weights of Gauss and Hermite's rule for N(0, 1), 15 points (Golub & Welsch 1969), positive half.
constexpr int half_nodes = 8;
const double hermite_node[half_nodes] = {
    0.00000000000000000e+00, 7.99129068324547998e-01, 1.60671006902872970e+00, 2.43243682700975805e+00,
    3.28908242439876641e+00, 4.19620771126901548e+00, 5.19009359130478121e+00, 6.36394788882983864e+00};
const double hermite_weight[half_nodes] = {
    3.18259518259518148e-01, 2.32462293609732251e-01, 8.94177953998443742e-02, 1.73657744921376159e-02,
    1.56735750354995598e-03, 5.64214640518902920e-05, 5.97541959792059928e-07, 8.58964989963325187e-10};

// Counts: Z(m, v) = integral of Poisson(y; exp(x)) N(x; m, s^2), s^2 = v + noise_var, around the mode of the integrand.
// The mode x0 solves y - exp(x) = (x - m) / s^2; the rule is laid with the curvature there. Returns log Z in `z`.
inline Tilted count_moments_at(double y, double log_factorial, V m, V v, V noise_var) {
  const V s2 = v + noise_var, inv = 1.0 / s2, ceiling = all(60.0);
  // the mode lies between m and log y; start at their precision-weighted middle
  const double start = std::log(y + 0.5);
  V x = (m * inv + (y + 0.5) * start) / (inv + (y + 0.5));
  x = least(x, ceiling);
  for (int i = 0; i < 6; ++i) {
    const V rate = exp_lanes(x);
    const V step = (all(y) - rate - (x - m) * inv) / (rate + inv);
    x = largest(-ceiling, least(ceiling, x + largest(all(-2.0), least(all(2.0), step))));
  }
  const V spread = root(1.0 / (exp_lanes(x) + inv));
  auto height = [&](V at) { return y * at - exp_lanes(least(at, ceiling)) - 0.5 * (at - m) * (at - m) * inv; };
  const V top = height(x);
  V mass = all(0), first = all(0), second = all(0);
  for (int i = 0; i < half_nodes; ++i)
    for (int side = i == 0 ? 1 : -1; side <= 1; side += 2) {
      const double node = side * hermite_node[i];
      const V off = node * spread;
      const V drop = largest(all(-700.0), height(x + off) - top + 0.5 * node * node);
      const V w = hermite_weight[i] * exp_lanes(drop);
      mass += w;
      first += w * off;
      second += w * off * off;
    }
  const V shift = first / mass, mean = x + shift, var = second / mass - shift * shift;
  V logz;
  for (int k = 0; k < W; ++k)
    logz[k] = top[k] - log_factorial + std::log(mass[k] * spread[k]) - 0.5 * std::log(s2[k]);
  return {logz, (mean - m) * inv, (var * inv - 1.0) * inv};
}

// A plain aligned array. std::vector<V> would be one symbol for both processor variants, and the linker keeps only one.
class Lanes {
 public:
  Lanes() = default;
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;
  ~Lanes() { ::operator delete(at_, std::align_val_t(alignof(V))); }
  void resize(size_t n) {
    at_ = static_cast<V*>(::operator new(n * sizeof(V), std::align_val_t(alignof(V))));
    for (size_t i = 0; i < n; ++i) at_[i] = all(0);
  }
  V& operator[](size_t i) { return at_[i]; }
  const V& operator[](size_t i) const { return at_[i]; }

 private:
  V* at_ = nullptr;
};

// Work space of one group of lanes; arrays over days hold one V a day.
struct Workspace {
  int K;  // columns: y and the P border columns
  Lanes cut;  // cuts + 2 cutpoints, the outer ones open
  Lanes log_factorial;  // counts only
  Lanes z, v, inv_f, gain_l, gain_u, obs, obs_var, u_full, m_diag;
  Lanes pred, pll, plu, puu;  // predicted states, only for the path
  Workspace(const Diary& d, bool path) : K(1 + d.F + d.J) {
    const size_t T = d.T;
    z.resize(T * d.J);
    v.resize(T * K);
    cut.resize(d.cuts + 2);
    if (d.family == Family::count) {
      log_factorial.resize(T);
      for (size_t t = 0; t < T; ++t) log_factorial[t] = all(d.seen[t] ? std::lgamma(d.y[t] + 1) : 0);
    }
    for (auto* x : {&inv_f, &gain_l, &gain_u, &obs, &obs_var, &u_full, &m_diag}) x->resize(T);
    if (path) {
      pred.resize(2 * T * K);
      for (auto* x : {&pll, &plu, &puu}) x->resize(T);
    }
  }
};

struct Theta { V q_level, ar_var, phi, q_ar, noise_var; };

// Exposures: e_t = e_(t-1) + (1 - exp(-1/tau)) (dose_t - e_(t-1)).
void filter_inputs(const Diary& d, const V* keep, Workspace& w) {
  for (int j = 0; j < d.J; ++j) {
    V e = all(d.start[j]);
    for (int t = 0; t < d.T; ++t) {
      const V dose = all(d.input[t * d.J + j]);
      e = dose + keep[j] * (e - dose);
      w.z[t * d.J + j] = e;
    }
  }
}

struct Sums { V a[(max_border + 1) * (max_border + 2) / 2]; V logdet; };  // lower triangle of A, log|Sigma|

template <bool path>
void forward(const Diary& d, const Theta& th, Workspace& w, Sums& out) {
  const int K = w.K;
  V l[max_border + 1], s[max_border + 1], col[max_border + 1];
  for (int c = 0; c < K; ++c) l[c] = s[c] = all(0);
  for (int i = 0; i < K * (K + 1) / 2; ++i) out.a[i] = all(0);
  V pll = th.q_level, plu = all(0), puu = th.ar_var, product = all(1), logdet = all(0);
  int held = 0;
  auto flush = [&] {
    for (int k = 0; k < W; ++k) logdet[k] += std::log(product[k]);
    product = all(1);
    held = 0;
  };
  for (int t = 0; t < d.T; ++t) {
    if (path) {
      for (int c = 0; c < K; ++c) { w.pred[2 * (t * K + c)] = l[c]; w.pred[2 * (t * K + c) + 1] = s[c]; }
      w.pll[t] = pll; w.plu[t] = plu; w.puu[t] = puu;
    }
    if (d.seen[t]) {
      const V hl = pll + plu, hu = plu + puu, f = hl + hu + w.obs_var[t], inv = 1.0 / f;
      const V gl = hl * inv, gu = hu * inv;
      w.inv_f[t] = inv; w.gain_l[t] = gl; w.gain_u[t] = gu;
      product *= f;
      if (++held == 16) flush();
      col[0] = w.obs[t];
      for (int c = 0; c < d.F; ++c) col[1 + c] = all(d.fixed[t * d.F + c]);
      for (int j = 0; j < d.J; ++j) col[1 + d.F + j] = w.z[t * d.J + j];
      V* vt = &w.v[t * K];
      V* a = out.a;
      for (int c = 0; c < K; ++c) {
        const V e = col[c] - l[c] - s[c];
        vt[c] = e;
        l[c] += gl * e;
        s[c] += gu * e;
        const V scaled = e * inv;
        for (int k = 0; k <= c; ++k) *a++ += scaled * vt[k];
      }
      pll -= gl * hl; plu -= gl * hu; puu -= gu * hu;
    }
    pll += th.q_level;
    plu *= th.phi;
    puu = th.phi * th.phi * puu + th.q_ar;
    for (int c = 0; c < K; ++c) s[c] *= th.phi;
  }
  flush();
  out.logdet = logdet;
}

// Posterior of the border coefficients and the Gaussian log marginal likelihood of the (pseudo-)outcomes, lane k.
struct Border { double chol[max_border * max_border], inv_chol[max_border * max_border], mean[max_border], loglik; bool ok; };

void solve_border(const Diary& d, const Sums& sums, int n_seen, int k, Border& out) {
  const int P = d.F + d.J;
  auto A = [&](int i, int j) { return sums.a[i * (i + 1) / 2 + j][k]; };  // j <= i; index 0 is the outcome
  double* L = out.chol;
  double h[max_border], quad = A(0, 0), logdet = 0, logprior = 0;
  out.ok = true;
  for (int i = 0; i < P; ++i) {
    h[i] = A(i + 1, 0) + d.border_prec[i] * d.border_mean[i];
    quad += d.border_mean[i] * d.border_prec[i] * d.border_mean[i];
    logprior += std::log(d.border_prec[i]);
    for (int j = 0; j <= i; ++j) {
      double x = A(i + 1, j + 1) + (i == j ? d.border_prec[i] : 0);
      for (int m = 0; m < j; ++m) x -= L[i * P + m] * L[j * P + m];
      if (i == j) {
        if (!(x > 0)) { out.ok = false; out.loglik = -std::numeric_limits<double>::infinity(); return; }
        L[i * P + i] = std::sqrt(x);
        logdet += 2 * std::log(L[i * P + i]);
      } else {
        L[i * P + j] = x / L[j * P + j];
      }
    }
  }
  double* R = out.inv_chol;  // L^-1, lower triangular
  for (int j = 0; j < P; ++j)
    for (int i = j; i < P; ++i) {
      double x = i == j ? 1.0 : 0.0;
      for (int m = j; m < i; ++m) x -= L[i * P + m] * R[m * P + j];
      R[i * P + j] = x / L[i * P + i];
    }
  double g[max_border];
  for (int i = 0; i < P; ++i) {
    g[i] = 0;
    for (int j = 0; j <= i; ++j) g[i] += R[i * P + j] * h[j];
    quad -= g[i] * g[i];
  }
  for (int j = 0; j < P; ++j) {
    out.mean[j] = 0;
    for (int i = j; i < P; ++i) out.mean[j] += R[i * P + j] * g[i];
  }
  out.loglik = -0.5 * (n_seen * log_2pi + sums.logdet[k] + quad + logdet - logprior);
}

// Rows of M (y - Z m0) and the diagonal of M at every seen day (see the head of this file).
void leave_one_out(const Diary& d, const Theta& th, Workspace& w, const Border* border) {
  const int K = w.K, P = K - 1;
  V mean[max_border], root[max_border * (max_border + 1) / 2];
  for (int i = 0; i < P; ++i) {
    for (int k = 0; k < W; ++k) mean[i][k] = border[k].mean[i];
    for (int j = 0; j <= i; ++j)
      for (int k = 0; k < W; ++k) root[i * (i + 1) / 2 + j][k] = border[k].inv_chol[i * P + j];
  }
  V rl[max_border + 1], ru[max_border + 1], u[max_border + 1];
  for (int c = 0; c < K; ++c) rl[c] = ru[c] = all(0);
  V nll = all(0), nlu = all(0), nuu = all(0);
  for (int t = d.T - 1; t >= 0; --t) {
    for (int c = 0; c < K; ++c) ru[c] *= th.phi;
    nlu *= th.phi;
    nuu *= th.phi * th.phi;
    if (!d.seen[t]) continue;
    const V gl = w.gain_l[t], gu = w.gain_u[t], inv = w.inv_f[t];
    const V* vt = &w.v[t * K];
    for (int c = 0; c < K; ++c) {
      u[c] = vt[c] * inv - gl * rl[c] - gu * ru[c];
      rl[c] += u[c];
      ru[c] += u[c];
    }
    const V wl = nll * gl + nlu * gu, wu = nlu * gl + nuu * gu, diag = inv + gl * wl + gu * wu;
    nll += diag - wl - wl;
    nlu += diag - wl - wu;
    nuu += diag - wu - wu;
    V full = u[0], m = diag;
    for (int i = 0; i < P; ++i) {
      full -= u[1 + i] * mean[i];
      V x = all(0);
      for (int j = 0; j <= i; ++j) x += root[i * (i + 1) / 2 + j] * u[1 + j];
      m -= x * x;
    }
    w.u_full[t] = full;
    w.m_diag[t] = m;
  }
}

// Smoothed path eta_t | b for every day, seen or not.
void smooth_path(const Diary& d, const Theta& th, const Workspace& w, const Results& out, int first, int count) {
  const int K = w.K, P = K - 1;
  V rl[max_border + 1], ru[max_border + 1];
  for (int c = 0; c < K; ++c) rl[c] = ru[c] = all(0);
  V nll = all(0), nlu = all(0), nuu = all(0);
  for (int t = d.T - 1; t >= 0; --t) {
    for (int c = 0; c < K; ++c) ru[c] *= th.phi;
    nlu *= th.phi;
    nuu *= th.phi * th.phi;
    if (d.seen[t]) {
      const V gl = w.gain_l[t], gu = w.gain_u[t], inv = w.inv_f[t];
      for (int c = 0; c < K; ++c) {
        const V u = w.v[t * K + c] * inv - gl * rl[c] - gu * ru[c];
        rl[c] += u;
        ru[c] += u;
      }
      const V wl = nll * gl + nlu * gu, wu = nlu * gl + nuu * gu, diag = inv + gl * wl + gu * wu;
      nll += diag - wl - wl;
      nlu += diag - wl - wu;
      nuu += diag - wu - wu;
    }
    const V hl = w.pll[t] + w.plu[t], hu = w.plu[t] + w.puu[t];
    const V var = hl + hu - (hl * (nll * hl + nlu * hu) + hu * (nlu * hl + nuu * hu));
    for (int c = 0; c < K; ++c) {
      const V smoothed = w.pred[2 * (t * K + c)] + w.pred[2 * (t * K + c) + 1] + hl * rl[c] + hu * ru[c];
      for (int k = 0; k < count; ++k) {
        const size_t at = size_t(first + k) * d.T + t;
        if (c == 0) { out.offset[at] = smoothed[k]; continue; }
        const int i = c - 1;
        const double z = i < d.F ? d.fixed[t * d.F + i] : w.z[t * d.J + i - d.F][k];
        out.slope[at * P + i] = z - smoothed[k];
      }
    }
    for (int k = 0; k < count; ++k) {
      const size_t at = size_t(first + k) * d.T + t;
      out.var[at] = std::max(var[k], 0.0);
      for (int j = 0; j < d.J; ++j) out.lagged[at * d.J + j] = w.z[t * d.J + j][k];
    }
  }
}

// The cavity of day t in every lane.
struct Cavity { V total, mean, var; };

inline Cavity cavity(const Workspace& w, int t) {
  const V total = 1.0 / w.m_diag[t];
  return {total, w.obs[t] - w.u_full[t] * total, largest(total - w.obs_var[t], 1e-10 * total)};
}

// Tilted moments of day t with the log normaliser in `z`; `need_z` false leaves it unset where that saves work.
inline Tilted tilted(const Diary& d, const Workspace& w, int t, const Cavity& c, V noise_var, bool need_z) {
  if (d.family == Family::count) return count_moments_at(d.y[t], w.log_factorial[t][0], c.mean, c.var, noise_var);
  const int category = int(d.y[t]);
  const V lower = w.cut[category], upper = w.cut[category + 1];
  Tilted g = interval_moments(lower, upper, c.mean, c.var, noise_var);
  for (int k = 0; k < W; ++k) {
    double logz = 0;
    if (underflows(g.z[k])) rescue(lower[k], upper[k], c.mean[k], c.var[k], noise_var[k], k, g, logz);
    else if (need_z) logz = std::log(g.z[k]);
    if (need_z) g.z[k] = logz;
  }
  return g;
}

// One round of expectation propagation over all days; lanes that are done keep their sites.
// Returns the largest squared change of a site in each lane.
V update_sites(const Diary& d, const Settings& set, Workspace& w, const bool* done, V noise_var) {
  V most = all(0);
  VI open;
  for (int k = 0; k < W; ++k) open[k] = done[k] ? 0 : -1;
  for (int t = 0; t < d.T; ++t) {
    if (!d.seen[t]) continue;
    const Cavity c = cavity(w, t);
    const Tilted g = tilted(d, w, t, c, noise_var, false);
    const V curvature = largest(-g.d2, 1.0 / (largest_site_var + c.var));
    const V r_new = largest(1.0 / curvature - c.var, all(1e-8)), y_new = c.mean + g.d1 / curvature;
    const V old = 1.0 / w.obs_var[t], old_shift = w.obs[t] * old;
    const V prec = set.damping / r_new + (1 - set.damping) * old;
    const V shift = set.damping * y_new / r_new + (1 - set.damping) * old_shift;
    // squared, in units of the cavity: precision against 1 / var, shift against 1 / sd
    const V by_prec = (prec - old) * c.var, by_shift = shift - old_shift - c.mean * (prec - old);
    const V change = largest(by_prec * by_prec, by_shift * by_shift * c.var);
    most = choose(change > most, change, most);
    most = choose(change == change, most, change);  // a NaN is kept
    w.obs_var[t] = choose(open, 1.0 / prec, w.obs_var[t]);
    w.obs[t] = choose(open, shift / prec, w.obs[t]);
  }
  return most;
}

// log Z of expectation propagation = Gaussian evidence of the pseudo-outcomes + what each site stands for.
V site_correction(const Diary& d, const Workspace& w, V noise_var) {
  V out = all(0);
  for (int t = 0; t < d.T; ++t) {
    if (!d.seen[t]) continue;
    const Cavity c = cavity(w, t);
    const Tilted g = tilted(d, w, t, c, noise_var, true);
    for (int k = 0; k < W; ++k) {
      const double u = w.u_full[t][k];
      out[k] += g.z[k] + 0.5 * (log_2pi + std::log(c.total[k]) + u * u * c.total[k]);
    }
  }
  return out;
}

// Outcomes and variances to start from: the Gaussian outcome itself, sites that were found before, or a first guess.
void first_sites(const Diary& d, const Points& pt, Workspace& w, V noise_var, int first, int count) {
  const double open_end = 1e100;
  if (pt.site_obs) {
    for (int t = 0; t < d.T; ++t)
      for (int k = 0; k < W; ++k) {
        const size_t at = size_t(first + std::min(k, count - 1)) * d.T + t;
        w.obs[t][k] = pt.site_obs[at];
        w.obs_var[t][k] = pt.site_var[at];
      }
    return;
  }
  if (d.family == Family::category) {
    w.cut[0] = all(-open_end);
    w.cut[d.cuts + 1] = all(open_end);
    for (int c = 0; c < d.cuts; ++c)
      for (int k = 0; k < W; ++k) w.cut[c + 1][k] = pt.cut[size_t(first + std::min(k, count - 1)) * d.cuts + c];
  }
  for (int t = 0; t < d.T; ++t) {
    w.obs[t] = all(d.y[t]);
    w.obs_var[t] = noise_var;
    if (!d.seen[t] || d.family == Family::gaussian) continue;
    if (d.start_obs) {
      w.obs[t] = all(d.start_obs[t]);
      w.obs_var[t] = all(d.start_var[t]);
      continue;
    }
    if (d.family == Family::count) {
      w.obs[t] = all(std::log(d.y[t] + 0.5));
      w.obs_var[t] = noise_var + 1 / (d.y[t] + 0.5);
      continue;
    }
    const int category = int(d.y[t]);
    const V low = w.cut[category], high = w.cut[category + 1];
    if (category == 0) w.obs[t] = high - 0.5;
    else if (category == d.cuts) w.obs[t] = low + 0.5;
    else w.obs[t] = 0.5 * (low + high);
    const bool open = category == 0 || category == d.cuts;
    w.obs_var[t] = noise_var + (open ? all(0.3) : (high - low) * (high - low) / 12.0);
  }
}

void evaluate_group(const Diary& d, const Points& pt, const Settings& set, const Results& out, Workspace& w, Sums& sums,
                    int first, int count, int n_seen) {
  const bool path = out.offset != nullptr;
  const int P = d.F + d.J;
  Theta th;
  V keep[max_border];
  for (int k = 0; k < W; ++k) {
    const int i = first + std::min(k, count - 1);  // idle lanes repeat the last point
    const double sa2 = pt.ar_sd[i] * pt.ar_sd[i], phi = pt.ar_phi[i];
    th.q_level[k] = pt.level_sd[i] * pt.level_sd[i];
    th.ar_var[k] = sa2;
    th.phi[k] = phi;
    th.q_ar[k] = sa2 * (1 - phi) * (1 + phi);
    th.noise_var[k] = pt.noise_sd[i] * pt.noise_sd[i];
    for (int j = 0; j < d.J; ++j) {
      const double tau = pt.tau[i * d.J + j];
      keep[j][k] = tau > 0 ? std::exp(-1 / tau) : 0.0;
    }
  }
  filter_inputs(d, keep, w);
  const bool gaussian = d.family == Family::gaussian || pt.site_obs != nullptr;
  first_sites(d, pt, w, th.noise_var, first, count);
  Border border[W];
  int sweeps[W] = {0, 0, 0, 0};
  bool done[W] = {gaussian, gaussian, gaussian, gaussian};
  auto gaussian_pass = [&] {
    if (path) forward<true>(d, th, w, sums); else forward<false>(d, th, w, sums);
    for (int k = 0; k < W; ++k) solve_border(d, sums, n_seen, k, border[k]);
  };
  gaussian_pass();
  if (!gaussian) {
    for (int sweep = 1; sweep <= set.max_sweeps; ++sweep) {
      leave_one_out(d, th, w, border);
      const V change = update_sites(d, set, w, done, th.noise_var);
      bool open = false;
      for (int k = 0; k < W; ++k) {
        if (done[k]) continue;  // a finished lane stays as it is, whatever its neighbours need
        done[k] = change[k] < set.tolerance * set.tolerance || !std::isfinite(change[k]);
        sweeps[k] = std::isfinite(change[k]) ? sweep : -sweep;
        open |= !done[k];
      }
      gaussian_pass();
      if (!open) break;
    }
    leave_one_out(d, th, w, border);
    const V correction = site_correction(d, w, th.noise_var);
    for (int k = 0; k < W; ++k) {
      if (!done[k]) sweeps[k] = -set.max_sweeps;
      border[k].loglik += correction[k];
    }
  }
  if (path) smooth_path(d, th, w, out, first, count);
  for (int k = 0; k < count; ++k) {
    const int i = first + k;
    const Border& b = border[k];
    out.sweeps[i] = sweeps[k];
    out.loglik[i] = b.ok && std::isfinite(b.loglik) ? b.loglik : -std::numeric_limits<double>::infinity();
    for (int c = 0; c < P; ++c) {
      out.mean[i * P + c] = b.mean[c];
      for (int e = 0; e <= c; ++e) {
        double x = 0;
        for (int m = c; m < P; ++m) x += b.inv_chol[m * P + c] * b.inv_chol[m * P + e];
        out.cov[(i * P + c) * P + e] = out.cov[(i * P + e) * P + c] = x;
      }
    }
    for (int j = 0; j < d.J; ++j) {
      double x = 0;
      for (int t = 0; t < d.T; ++t) x += d.day_weight[t] * w.z[t * d.J + j][k];
      out.exposure[i * d.J + j] = x;
    }
    if (out.site_obs)
      for (int t = 0; t < d.T; ++t) {
        out.site_obs[size_t(i) * d.T + t] = w.obs[t][k];
        out.site_var[size_t(i) * d.T + t] = w.obs_var[t][k];
      }
  }
}

}  // namespace

void moments(int n, const double* lower, const double* upper, const double* mean, const double* var, double noise_var,
             double* out) {
  for (int i = 0; i < n; ++i) {
    const V m = all(mean[i]), v = all(var[i]);
    const double low = std::max(lower[i], -1e100), high = std::min(upper[i], 1e100);
    Tilted g = interval_moments(all(low), all(high), m, v, all(noise_var));
    double logz = std::log(g.z[0]);
    if (underflows(g.z[0])) rescue(lower[i], upper[i], mean[i], var[i], noise_var, 0, g, logz);
    out[3 * i] = logz;
    out[3 * i + 1] = g.d1[0];
    out[3 * i + 2] = g.d2[0];
  }
}

void expected_category(int n, int cuts, const double* mean, const double* sd, const double* cut, const double* jump,
                       double base, double* out) {
  for (int i = 0; i < n; i += W) {
    V m, inv;
    for (int k = 0; k < W; ++k) {
      const int at = std::min(i + k, n - 1);
      m[k] = mean[at];
      inv[k] = 1 / std::max(sd[at], 1e-12);
    }
    V sum = all(base);
    for (int c = 0; c < cuts; ++c) {
      const V x = largest(all(-37.0), least(all(37.0), (m - cut[c]) * inv));
      const V upper = tail(choose(x > 0, x, -x)).upper;
      sum += jump[c] * choose(x > 0, 1.0 - upper, upper);
    }
    for (int k = 0; k < std::min(W, n - i); ++k) out[i + k] = sum[k];
  }
}

void count_moments(int n, const double* y, const double* mean, const double* var, double noise_var, double* out) {
  for (int i = 0; i < n; ++i) {
    const Tilted g = count_moments_at(y[i], std::lgamma(y[i] + 1), all(mean[i]), all(var[i]), all(noise_var));
    out[3 * i] = g.z[0];
    out[3 * i + 1] = g.d1[0];
    out[3 * i + 2] = g.d2[0];
  }
}

void log_site_ratio(int n, int T, Family family, const double* y, int cuts, const double* cut, double noise_var,
                    const double* site_obs, const double* site_var, const double* eta, double* out) {
  const V nothing = all(0), noise = all(noise_var);
  const double inf = std::numeric_limits<double>::infinity();
  double shared = 0;  // what no path changes
  for (int t = 0; t < T; ++t) {
    shared += 0.5 * (log_2pi + std::log(site_var[t]));
    if (family == Family::count) shared -= std::lgamma(y[t] + 1);
  }
  for (int i = 0; i < n; i += W) {
    const double* path[W];
    for (int k = 0; k < W; ++k) path[k] = eta + size_t(std::min(i + k, n - 1)) * T;
    V sum = all(shared), product = all(1);
    for (int t = 0; t < T; ++t) {
      V at;
      for (int k = 0; k < W; ++k) at[k] = path[k][t];
      const V off = site_obs[t] - at;
      sum += 0.5 / site_var[t] * off * off;
      if (family == Family::count) {
        sum += count_moments_at(y[t], 0, at, nothing, noise).z;
        continue;
      }
      const int category = int(y[t]);
      const double lower = category > 0 ? cut[category - 1] : -inf, upper = category < cuts ? cut[category] : inf;
      Tilted g = interval_moments(all(std::max(lower, -1e100)), all(std::min(upper, 1e100)), at, nothing, noise);
      for (int k = 0; k < W; ++k) {
        if (g.z[k] > 1e-30) continue;
        double logz = std::log(g.z[k]);
        if (underflows(g.z[k])) rescue(lower, upper, at[k], 0, noise_var, k, g, logz);
        sum[k] += logz;
        g.z[k] = 1;
      }
      product *= g.z;  // one logarithm for eight days: each factor is above 1e-30
      if (t % 8 == 7 || t == T - 1) {
        for (int k = 0; k < W; ++k) sum[k] += std::log(product[k]);
        product = all(1);
      }
    }
    for (int k = 0; k < std::min(W, n - i); ++k) out[i + k] = sum[k];
  }
}

void evaluate(const Diary& d, const Points& pt, const Settings& set, const Results& out, int first, int last) {
  Workspace w(d, out.offset != nullptr);
  Sums sums;
  int n_seen = 0;
  for (int t = 0; t < d.T; ++t) n_seen += d.seen[t] != 0;
  for (int i = first; i < last; i += W) evaluate_group(d, pt, set, out, w, sums, i, std::min(W, last - i), n_seen);
}

}  // namespace NIGHTDOSE_ARCH
}  // namespace nightdose
