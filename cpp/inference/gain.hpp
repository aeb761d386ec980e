// What further columns add to a fit at a hyper-parameter point: Gaussian algebra on sums that are there (inference/causes.py).
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "kernel.hpp"

namespace nightdose {

// A = 1 + Lambda^(1/2) I Lambda^(1/2) as L D L' without pivots: A is positive definite but for rounding.
inline void gain(const Candidates& c, const Gains& out) {
  const size_t Q = c.Q, K = c.K;
  std::vector<double> beside(Q * K), a(Q * Q), inverse(Q * Q), score(Q);
  for (size_t at = 0; at < c.N * c.C; ++at) {
    const size_t n = at / c.C;
    const double *x = c.cross + at * Q * K, *own = c.own + at * Q * Q, *sd = c.sd + (at % c.C) * Q;
    const double *mean = c.mean + n * K, *cov = c.cov + n * K * K;
    for (size_t i = 0; i < Q; ++i) {
      double r = x[i * K];
      for (size_t k = 1; k < K; ++k) r -= x[i * K + k] * mean[k];
      score[i] = r * sd[i];
      for (size_t k = 0; k < K; ++k) {
        double sum = 0;
        for (size_t l = 0; l < K; ++l) sum += x[i * K + l] * cov[l * K + k];
        beside[i * K + k] = sum;
      }
    }
    for (size_t i = 0; i < Q; ++i)
      for (size_t j = 0; j <= i; ++j) {
        double info = own[i * Q + j];
        for (size_t k = 0; k < K; ++k) info -= beside[i * K + k] * x[j * K + k];
        a[i * Q + j] = info * sd[i] * sd[j] + (i == j);
      }
    double log_det = 0;
    for (size_t j = 0; j < Q; ++j) {  // in place: D on the diagonal, L below it
      for (size_t k = 0; k < j; ++k) a[j * Q + j] -= a[j * Q + k] * a[j * Q + k] * a[k * Q + k];
      log_det += std::log(std::fabs(a[j * Q + j]));
      for (size_t i = j + 1; i < Q; ++i) {
        for (size_t k = 0; k < j; ++k) a[i * Q + j] -= a[i * Q + k] * a[j * Q + k] * a[k * Q + k];
        a[i * Q + j] /= a[j * Q + j];
      }
    }
    for (size_t m = 0; m < Q; ++m) {  // column m of the inverse
      double* col = inverse.data() + m * Q;
      for (size_t i = 0; i < Q; ++i) {
        col[i] = i == m;
        for (size_t k = 0; k < i; ++k) col[i] -= a[i * Q + k] * col[k];
      }
      for (size_t i = 0; i < Q; ++i) col[i] /= a[i * Q + i];
      for (size_t i = Q; i-- > 0;)
        for (size_t k = i + 1; k < Q; ++k) col[i] -= a[k * Q + i] * col[k];
    }
    double explained = 0;
    for (size_t i = 0; i < Q; ++i) {
      double solved = 0;
      for (size_t j = 0; j < Q; ++j) {
        solved += inverse[j * Q + i] * score[j];
        out.cov[at * Q * Q + i * Q + j] = inverse[j * Q + i] * sd[i] * sd[j];
      }
      explained += score[i] * solved;
      out.coefficients[at * Q + i] = solved * sd[i];
    }
    out.log_ratio[at] = 0.5 * (explained - log_det);
  }
}

}  // namespace nightdose
