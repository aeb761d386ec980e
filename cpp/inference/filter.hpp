// The Kalman filter over the outcome and every column of Z alike (augmented filter, de Jong 1991), and its way back.
//
//   level_t = level_(t-1) + N(0, level_sd^2), level_(-1) = 0;   spell_t = phi spell_(t-1) + N(0, ar_sd^2 (1 - phi^2))
//   Sigma = cov(level + spell + e);  forward: A = [y Z]' Sigma^-1 [y Z] and log|Sigma| in one pass;
//   backward: rows of Sigma^-1 [y Z] and its diagonal (de Jong 1989)
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "kernel.hpp"
#include "special.hpp"

namespace nightdose {
namespace NIGHTDOSE_ARCH {
namespace {

struct Theta { V q_level, ar_var, phi, q_ar, noise_var; };

// Work space of one group of lanes; arrays over days hold one V a day.
struct Workspace {
  int K;  // columns: y and the P border columns
  Lanes cut;  // cuts + 2 cutpoints, the outer ones open
  Lanes log_factorial;  // counts only
  Lanes z, v, inv_f, gain_l, gain_u, obs, obs_var, u_full, m_diag;
  Lanes pred, pll, plu, puu;  // predicted states, only where the path is asked for
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

// Exposures: e_t = e_(t-1) + (1 - exp(-1/tau)) (dose_t - e_(t-1)).
inline void filter_inputs(const Diary& d, const V* keep, Workspace& w) {
  for (int j = 0; j < d.J; ++j) {
    V e = all(d.start[j]);
    for (int t = 0; t < d.T; ++t) {
      const V dose = all(d.input[t * d.J + j]);
      e = dose + keep[j] * (e - dose);
      w.z[t * d.J + j] = e;
    }
  }
}

// Column c of Z on day t.
inline V column(const Diary& d, const Workspace& w, int t, int c) {
  return c < d.F ? all(d.fixed[t * d.F + c]) : w.z[t * d.J + c - d.F];
}

// what(K), the number of columns as a constant where they are few: what a pass carries along then stays in registers.
template <class What>
inline void for_columns(int K, What what) {
  switch (K) {
    case 3: return what(std::integral_constant<int, 3>());
    case 4: return what(std::integral_constant<int, 4>());
    case 5: return what(std::integral_constant<int, 5>());
    default: return what(K);
  }
}
template <class Columns>
constexpr int most_columns = max_border + 1;
template <int K>
constexpr int most_columns<std::integral_constant<int, K>> = K;

struct Sums { V a[(max_border + 1) * (max_border + 2) / 2]; V logdet; };  // lower triangle of A, log|Sigma|

template <bool path, class Columns>
void forward_over(Columns columns, const Diary& d, const Theta& th, Workspace& w, Sums& out) {
  constexpr int most = most_columns<Columns>;
  const int K = columns;
  V l[most], s[most], col[most], sums[most * (most + 1) / 2];
  for (int c = 0; c < K; ++c) l[c] = s[c] = all(0);
  for (int i = 0; i < K * (K + 1) / 2; ++i) sums[i] = all(0);
  V pll = th.q_level, plu = all(0), puu = th.ar_var, product = all(1), logdet = all(0);
  int held = 0;
  auto flush = [&] {
    logdet += log_lanes(product);
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
      V* a = sums;
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
  for (int i = 0; i < K * (K + 1) / 2; ++i) out.a[i] = sums[i];
}

template <bool path>
void forward(const Diary& d, const Theta& th, Workspace& w, Sums& out) {
  for_columns(w.K, [&](auto columns) { forward_over<path>(columns, d, th, w, out); });
}

// Further columns x through the filter that `forward` left behind: with [y Z], and with those before them in a group.
template <class Columns, class Width>
void further_over(Columns columns, Width few, const Diary& d, const Theta& th, const Workspace& w, const double* x, int stride,
                  V* cross_out, V* own_out) {
  constexpr int widest = std::is_same<Width, int>::value ? widest_group : most_columns<Width>;
  const int K = columns, width = few;
  V l[widest], s[widest], e[widest], cross[widest * most_columns<Columns>], own[widest * (widest + 1) / 2];
  for (int g = 0; g < width; ++g) l[g] = s[g] = all(0);
  for (int i = 0; i < width * K; ++i) cross[i] = all(0);
  for (int i = 0; i < width * (width + 1) / 2; ++i) own[i] = all(0);
  for (int t = 0; t < d.T; ++t) {
    if (d.seen[t]) {
      const V gl = w.gain_l[t], gu = w.gain_u[t], inv = w.inv_f[t];
      const V* vt = &w.v[t * K];
      for (int g = 0; g < width; ++g) {
        e[g] = x[size_t(t) * stride + g] - l[g] - s[g];
        l[g] += gl * e[g];
        s[g] += gu * e[g];
        const V scaled = e[g] * inv;
        for (int c = 0; c < K; ++c) cross[g * K + c] += scaled * vt[c];
        for (int before = 0; before <= g; ++before) own[g * (g + 1) / 2 + before] += scaled * e[g - before];
      }
    }
    for (int g = 0; g < width; ++g) s[g] *= th.phi;
  }
  for (int i = 0; i < width * K; ++i) cross_out[i] = cross[i];
  for (int g = 0; g < width; ++g)
    for (int before = 0; before < widest_group; ++before)
      own_out[g * widest_group + before] = before <= g ? own[g * (g + 1) / 2 + before] : all(0);
}

inline void further_columns(const Diary& d, const Theta& th, const Workspace& w, const double* x, int stride, int width,
                            V* cross, V* own) {
  for_columns(w.K, [&](auto columns) {
    if (width == 4) further_over(columns, std::integral_constant<int, 4>(), d, th, w, x, stride, cross, own);
    else further_over(columns, width, d, th, w, x, stride, cross, own);
  });
}

// What the days from t on say: r = H' Sigma^-1 column and N = H' Sigma^-1 H for the state (level, spell) of day t.
template <int most>
struct BackOf { V rl[most], ru[most], nll, nlu, nuu; };
using Back = BackOf<max_border + 1>;

// From the last day to the first. On a recorded day first at_seen(t, u, diag): row t of Sigma^-1 [y Z] and (Sigma^-1)_tt;
// then, on every day, at_day(t, back).
template <class Columns, class Seen, class Day>
void backward_over(Columns columns, const Diary& d, const Theta& th, const Workspace& w, Seen at_seen, Day at_day) {
  constexpr int most = most_columns<Columns>;
  const int K = columns;
  BackOf<most> b;
  V u[most];
  for (int c = 0; c < K; ++c) b.rl[c] = b.ru[c] = all(0);
  b.nll = b.nlu = b.nuu = all(0);
  for (int t = d.T - 1; t >= 0; --t) {
    for (int c = 0; c < K; ++c) b.ru[c] *= th.phi;
    b.nlu *= th.phi;
    b.nuu *= th.phi * th.phi;
    if (d.seen[t]) {
      const V gl = w.gain_l[t], gu = w.gain_u[t], inv = w.inv_f[t];
      const V* vt = &w.v[t * K];
      for (int c = 0; c < K; ++c) {
        u[c] = vt[c] * inv - gl * b.rl[c] - gu * b.ru[c];
        b.rl[c] += u[c];
        b.ru[c] += u[c];
      }
      const V wl = b.nll * gl + b.nlu * gu, wu = b.nlu * gl + b.nuu * gu, diag = inv + gl * wl + gu * wu;
      b.nll += diag - wl - wl;
      b.nlu += diag - wl - wu;
      b.nuu += diag - wu - wu;
      at_seen(t, u, diag);
    }
    at_day(t, b);
  }
}

template <class Seen, class Day>
void backward(const Diary& d, const Theta& th, const Workspace& w, Seen at_seen, Day at_day) {
  backward_over(w.K, d, th, w, at_seen, at_day);
}

// Posterior of the border coefficients and the Gaussian log marginal likelihood of the (pseudo-)outcomes, lane k.
struct Border { double chol[max_border * max_border], inv_chol[max_border * max_border], mean[max_border], loglik; bool ok; };

inline void solve_border(const Diary& d, const Sums& sums, int n_seen, int k, Border& out) {
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

// Mean and lower root of the coefficients' posterior precision's inverse, all lanes side by side.
struct BorderLanes {
  V mean[max_border], root[max_border * (max_border + 1) / 2];
  BorderLanes(const Border* border, int P) {
    for (int i = 0; i < P; ++i) {
      for (int k = 0; k < lanes; ++k) mean[i][k] = border[k].mean[i];
      for (int j = 0; j <= i; ++j)
        for (int k = 0; k < lanes; ++k) root[i * (i + 1) / 2 + j][k] = border[k].inv_chol[i * P + j];
    }
  }
  // a' cov a for coefficients' direction a
  V spread(const V* a, int P) const {
    V out = all(0);
    for (int i = 0; i < P; ++i) {
      V x = all(0);
      for (int j = 0; j <= i; ++j) x += root[i * (i + 1) / 2 + j] * a[j];
      out += x * x;
    }
    return out;
  }
};

inline void write_border(const Border& b, int P, double* mean, double* cov) {
  for (int c = 0; c < P; ++c) {
    mean[c] = b.mean[c];
    for (int e = 0; e <= c; ++e) {
      double x = 0;
      for (int m = c; m < P; ++m) x += b.inv_chol[m * P + c] * b.inv_chol[m * P + e];
      cov[c * P + e] = cov[e * P + c] = x;
    }
  }
}

}  // namespace
}  // namespace NIGHTDOSE_ARCH
}  // namespace nightdose
