// log p(y | hyper-parameters) of one diary at W hyper-parameter points at once, one point a vector lane.
//
//   y_t   = eta_t + e_t,  e_t ~ N(0, R_t)            (Gaussian outcome: R_t = noise_sd^2; else the site of day t)
//   eta_t = level_t + spell_t + z_t' b
//   level_t = level_(t-1) + N(0, level_sd^2), level_(-1) = 0;   spell_t = phi spell_(t-1) + N(0, ar_sd^2 (1 - phi^2))
//   b ~ N(border_mean, diag(border_prec)^-1);  z_t = (fixed_t, exposure_t(tau))
//
// A Kalman filter runs over the outcome and every column of Z alike (augmented filter, de Jong 1991), so that with
// Sigma = cov(level + spell + e):  A = [y Z]' Sigma^-1 [y Z] and log|Sigma| come out of one pass, and b is exact.
// The backward pass gives rows of Sigma^-1 [y Z] and its diagonal (de Jong 1989), from which the leave-one-out
// predictive of each day follows: with M = (Sigma + Z D^-1 Z')^-1,  cavity mean = y_t - (M (y - Z m0))_t / M_tt,
// cavity var = 1 / M_tt - R_t. Expectation propagation (Minka 2001) replaces an outcome known only to lie in
// (lower, upper) by a Gaussian site with that cavity; the tilted moments are closed forms.
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

struct Tilted { double logz, d1, d2; };  // log normaliser and its first two derivatives in the cavity mean

inline double density(double x) { return std::isinf(x) ? 0.0 : std::exp(-0.5 * x * x) * 0.39894228040143267794; }

// P(lower < eta + e < upper) for eta ~ N(m, v), e ~ N(0, noise_var).
Tilted interval_moments(double lower, double upper, double m, double v, double noise_var) {
  const double s = std::sqrt(v + noise_var);
  double a = (lower - m) / s, b = (upper - m) / s;
  const bool flip = a > 0;  // work in the left tail, where differences keep their digits
  if (flip) { const double t = a; a = -b; b = -t; }
  const double r = 0.70710678118654752440;
  const double z = b <= 0 ? 0.5 * (std::erfc(-b * r) - std::erfc(-a * r))
                          : 1.0 - 0.5 * (std::erfc(b * r) + std::erfc(-a * r));
  double logz, ratio1, ratio2;  // ratio1 = (phi(a) - phi(b)) / z, ratio2 = (b phi(b) - a phi(a)) / z
  if (z > 1e-290) {
    const double pa = density(a), pb = density(b);
    logz = std::log(z);
    ratio1 = (pa - pb) / z;
    ratio2 = ((std::isinf(b) ? 0 : b * pb) - (std::isinf(a) ? 0 : a * pa)) / z;
  } else {  // b far in the left tail: z ~ phi(b) / -b (1 - 1/b^2), all its mass at b
    const double c = -b, correction = 1 - 1 / (c * c);
    logz = -0.5 * c * c - std::log(c) - 0.5 * log_2pi + std::log(correction);
    ratio1 = -c / correction;
    ratio2 = -c * c / correction;
  }
  const double d1 = ratio1 / s;
  return {logz, flip ? -d1 : d1, -(ratio2 + ratio1 * ratio1) / (s * s)};
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
  Lanes z, v, inv_f, gain_l, gain_u, obs, obs_var, u_full, m_diag;
  Lanes pred, pll, plu, puu;  // predicted states, only for the path
  Workspace(const Diary& d, bool path) : K(1 + d.F + d.J) {
    const size_t T = d.T;
    z.resize(T * d.J);
    v.resize(T * K);
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

// One round of expectation propagation over all days of lane k; returns the largest change of a site.
double update_sites(const Diary& d, const Settings& set, Workspace& w, int k, double noise_var) {
  double largest = 0;
  for (int t = 0; t < d.T; ++t) {
    if (!d.seen[t]) continue;
    const double total = 1 / w.m_diag[t][k], r = w.obs_var[t][k], y = w.obs[t][k];
    const double v = std::max(total - r, 1e-10 * total), m = y - w.u_full[t][k] * total;
    const Tilted g = interval_moments(d.lower[t], d.upper[t], m, v, noise_var);
    const double curvature = std::max(-g.d2, 1 / (largest_site_var + v));
    const double r_new = std::max(1 / curvature - v, 1e-8), y_new = m + g.d1 / curvature;
    const double prec = set.damping / r_new + (1 - set.damping) / r;
    const double shift = set.damping * y_new / r_new + (1 - set.damping) * y / r;
    const double change = std::max(std::fabs(prec - 1 / r) * v, std::fabs(shift - y / r - m * (prec - 1 / r)) * std::sqrt(v));
    if (!(change <= largest)) largest = change;  // a NaN is kept
    w.obs_var[t][k] = 1 / prec;
    w.obs[t][k] = shift / prec;
  }
  return largest;
}

// log Z of expectation propagation = Gaussian evidence of the pseudo-outcomes + what each site stands for.
double site_correction(const Diary& d, const Workspace& w, int k, double noise_var) {
  double out = 0;
  for (int t = 0; t < d.T; ++t) {
    if (!d.seen[t]) continue;
    const double total = 1 / w.m_diag[t][k], u = w.u_full[t][k];
    const double v = std::max(total - w.obs_var[t][k], 1e-10 * total), m = w.obs[t][k] - u * total;
    out += interval_moments(d.lower[t], d.upper[t], m, v, noise_var).logz;
    out += 0.5 * (log_2pi + std::log(total) + u * u * total);
  }
  return out;
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
  const bool gaussian = d.family == Family::gaussian;
  for (int t = 0; t < d.T; ++t) {
    w.obs[t] = all(d.y[t]);
    w.obs_var[t] = th.noise_var;
    if (!gaussian && d.seen[t] && std::isfinite(d.lower[t]) && std::isfinite(d.upper[t])) {
      const double width = d.upper[t] - d.lower[t];
      w.obs_var[t] += all(width * width / 12);
    }
  }
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
      bool open = false;
      for (int k = 0; k < W; ++k) {
        if (done[k]) continue;  // a finished lane stays as it is, whatever its neighbours need
        const double change = update_sites(d, set, w, k, th.noise_var[k]);
        sweeps[k] = sweep;
        done[k] = change < set.tolerance || !std::isfinite(change);
        if (!std::isfinite(change)) sweeps[k] = -sweep;
        open |= !done[k];
      }
      gaussian_pass();
      if (!open) break;
    }
    leave_one_out(d, th, w, border);
    for (int k = 0; k < W; ++k) {
      if (!done[k]) sweeps[k] = -set.max_sweeps;
      border[k].loglik += site_correction(d, w, k, th.noise_var[k]);
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
  }
}

}  // namespace

void evaluate(const Diary& d, const Points& pt, const Settings& set, const Results& out, int first, int last) {
  Workspace w(d, out.offset != nullptr);
  Sums sums;
  int n_seen = 0;
  for (int t = 0; t < d.T; ++t) n_seen += d.seen[t] != 0;
  for (int i = first; i < last; i += W) evaluate_group(d, pt, set, out, w, sums, i, std::min(W, last - i), n_seen);
}

}  // namespace NIGHTDOSE_ARCH
}  // namespace nightdose
