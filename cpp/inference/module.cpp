// Python face of the inference kernels: checks nothing twice, releases the interpreter lock, splits points over threads.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

#include "../wide.hpp"
#include "kernel.hpp"

namespace nb = nanobind;
using namespace nightdose;

using In1 = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using In2 = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Mask = nb::ndarray<const unsigned char, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Out = nb::ndarray<nb::numpy, double>;
using OutInt = nb::ndarray<nb::numpy, int>;

template <class T, class Array>
Array fresh(std::vector<size_t> shape, T** data) {
  size_t n = 1;
  for (size_t s : shape) n *= s;
  *data = new T[std::max<size_t>(n, 1)]();
  nb::capsule owner(*data, [](void* p) noexcept { delete[] static_cast<T*>(p); });
  return Array(*data, shape.size(), shape.data(), owner);
}

static void require(bool ok, const char* what) {
  if (!ok) throw std::invalid_argument(what);
}

static void run(const Diary& d, const Points& p, const Settings& s, const Results& r, int first, int last) {
#ifdef NIGHTDOSE_HAS_AVX2
  if (wide()) return avx2::evaluate(d, p, s, r, first, last);
#endif
  base::evaluate(d, p, s, r, first, last);
}

// (n, 3) log normaliser and its derivatives, from the chosen variant; `portable` asks for the plain one.
static Out interval_moments(In1 lower, In1 upper, In1 mean, In1 var, double noise_var, bool portable) {
  const size_t n = mean.shape(0);
  require(lower.shape(0) == n && upper.shape(0) == n && var.shape(0) == n, "lengths differ");
  double* data;
  Out out = fresh<double, Out>({n, 3}, &data);
#ifdef NIGHTDOSE_HAS_AVX2
  if (wide() && !portable) {
    avx2::moments(int(n), lower.data(), upper.data(), mean.data(), var.data(), noise_var, data);
    return out;
  }
#endif
  base::moments(int(n), lower.data(), upper.data(), mean.data(), var.data(), noise_var, data);
  return out;
}

static nb::dict evaluate(int family, Mask seen, In1 y, In2 fixed, In2 input, In1 start,
                         In1 border_mean, In1 border_prec, In1 day_weight, In1 start_obs, In1 start_var, In2 points,
                         In2 tau, In2 cut, In2 site_obs, In2 site_var, bool path, bool keep_sites, int max_sweeps,
                         double tolerance, double damping, int threads) {
  const size_t T = y.shape(0), F = fixed.shape(1), J = input.shape(1), P = F + J, M = points.shape(1);
  require(seen.shape(0) == T && fixed.shape(0) == T && input.shape(0) == T && day_weight.shape(0) == T, "days differ");
  require(cut.shape(0) == M, "cut must be (M, cuts)");
  if (Family(family) == Family::category)
    for (size_t t = 0; t < T; ++t)
      require(!seen.data()[t] || (y.data()[t] >= 0 && y.data()[t] <= double(cut.shape(1))), "category out of range");
  require(start.shape(0) == J && border_mean.shape(0) == P && border_prec.shape(0) == P, "columns differ");
  require(points.shape(0) == 4 && tau.shape(0) == M && tau.shape(1) == J, "points must be (4, M), tau (M, J)");
  require(P <= size_t(max_border) && M > 0 && T > 0, "too many columns, or nothing to evaluate");
  const bool started = start_obs.shape(0) > 0, known = site_obs.shape(0) > 0;
  require(!started || (start_obs.shape(0) == T && start_var.shape(0) == T), "start must be (T)");
  require(!known || (site_obs.shape(0) == M && site_var.shape(0) == M && site_obs.shape(1) == T && site_var.shape(1) == T),
          "sites must be (M, T)");
  const Diary d{int(T), int(F), int(J), Family(family), seen.data(), y.data(), int(cut.shape(1)), fixed.data(),
                input.data(), start.data(), border_mean.data(), border_prec.data(), day_weight.data(),
                started ? start_obs.data() : nullptr, started ? start_var.data() : nullptr};
  const double* q = points.data();
  const Points pt{int(M), q, q + M, q + 2 * M, q + 3 * M, tau.data(), cut.data(),
                  known ? site_obs.data() : nullptr, known ? site_var.data() : nullptr};
  const Settings set{max_sweeps, tolerance, damping};
  Results r{};
  nb::dict out;
  out["loglik"] = fresh<double, Out>({M}, &r.loglik);
  out["mean"] = fresh<double, Out>({M, P}, &r.mean);
  out["cov"] = fresh<double, Out>({M, P, P}, &r.cov);
  out["exposure"] = fresh<double, Out>({M, J}, &r.exposure);
  out["sweeps"] = fresh<int, OutInt>({M}, &r.sweeps);
  if (path) {
    out["offset"] = fresh<double, Out>({M, T}, &r.offset);
    out["slope"] = fresh<double, Out>({M, T, P}, &r.slope);
    out["var"] = fresh<double, Out>({M, T}, &r.var);
    out["lagged"] = fresh<double, Out>({M, T, J}, &r.lagged);
  }
  if (keep_sites) {
    out["site_obs"] = fresh<double, Out>({M, T}, &r.site_obs);
    out["site_var"] = fresh<double, Out>({M, T}, &r.site_var);
  }
  {
    nb::gil_scoped_release unlocked;
    const int groups = (int(M) + lanes - 1) / lanes, workers = std::max(1, std::min(threads, groups));
    std::vector<std::thread> pool;
    for (int i = 0; i < workers; ++i) {
      const int first = lanes * (groups * i / workers), last = std::min(int(M), lanes * (groups * (i + 1) / workers));
      if (i + 1 < workers) pool.emplace_back([&, first, last] { run(d, pt, set, r, first, last); });
      else run(d, pt, set, r, first, last);
    }
    for (auto& thread : pool) thread.join();
  }
  return out;
}

static double lower_tail(double x) { return 0.5 * std::erfc(-x * 0.70710678118654752440); }

// Inverse of the standard normal distribution: Acklam's rational start, two Halley steps.
static double normal_quantile(double p) {
  if (!(p > 0)) return p == 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  if (!(p < 1)) return p == 1 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  static const double a[] = {-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
                             1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00};
  static const double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                             6.680131188771972e+01, -1.328068155288572e+01};
  static const double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                             -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00};
  static const double e[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00};
  double x;
  if (p < 0.02425 || p > 0.97575) {
    const double q = std::sqrt(-2 * std::log(p < 0.5 ? p : 1 - p));
    x = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
        ((((e[0] * q + e[1]) * q + e[2]) * q + e[3]) * q + 1);
    if (p > 0.5) x = -x;
  } else {
    const double q = p - 0.5, r = q * q;
    x = (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
        (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
  }
  for (int i = 0; i < 2; ++i) {
    const double err = (x < 0 ? lower_tail(x) - p : (1 - p) - lower_tail(-x));
    const double u = err * 2.5066282746310005024 * std::exp(0.5 * x * x);
    x -= u / (1 + 0.5 * x * u);
  }
  return x;
}

template <double (*f)(double)>
static Out elementwise(nb::ndarray<const double, nb::c_contig, nb::device::cpu> x) {
  std::vector<size_t> shape;
  for (size_t i = 0; i < x.ndim(); ++i) shape.push_back(x.shape(i));
  double* data;
  Out out = fresh<double, Out>(shape, &data);
  for (size_t i = 0; i < x.size(); ++i) data[i] = f(x.data()[i]);
  return out;
}

// E[value of the category of x] for x ~ N(mean, sd^2): base + sum_c jump_c P(x > cut_c). mean, sd : (N, T); cut : (N, C) or
// (1, C) for all; jump : (C). For many equal steps (`even` > 0 is the step between cuts, all jumps 1) what lies beyond each
// end is summed by Euler and Maclaurin's formula instead: with h = (mean - end) / sd and f = the density at h,
//   sum beyond = sd (h Phi(h) + f) - f / (24 sd) + 7 (h^2 - 1) f / (5760 sd^3) + O(sd^-5),  in units of the step.
static double beyond(double h, double sd) {
  const double f = std::exp(-0.5 * h * h) * 0.39894228040143267794;
  return sd * (h * lower_tail(h) + f) - f / (24 * sd) + 7 * (h * h - 1) * f / (5760 * sd * sd * sd);
}

static Out expected_category(In2 mean, In2 sd, In2 cut, In1 jump, double base, bool even) {
  const size_t N = mean.shape(0), T = mean.shape(1), C = cut.shape(1);
  require(sd.shape(0) == N && sd.shape(1) == T, "mean and sd differ");
  require(jump.shape(0) == C && (cut.shape(0) == N || cut.shape(0) == 1) && C > 0, "cuts differ");
  double* data;
  Out out = fresh<double, Out>({N, T}, &data);
  for (size_t i = 0; i < N; ++i) {
    const double* c = cut.data() + (cut.shape(0) == 1 ? 0 : i * C);
    const double *m = mean.data() + i * T, *s = sd.data() + i * T;
    const double step = C > 1 ? (c[C - 1] - c[0]) / double(C - 1) : 1.0, low = c[0] - 0.5 * step, high = c[C - 1] + 0.5 * step;
    if (even && C > 4 && *std::min_element(s, s + T) > 0.9 * step) {
      for (size_t t = 0; t < T; ++t) {
        const double h = (m[t] - high) / s[t], l = (low - m[t]) / s[t], unit = s[t] / step;
        data[i * T + t] = base + (m[t] - low) / step - (h > -8 ? beyond(h, unit) : 0) + (l > -8 ? beyond(l, unit) : 0);
      }
      continue;
    }
#ifdef NIGHTDOSE_HAS_AVX2
    if (wide()) {
      avx2::expected_category(int(T), int(C), m, s, c, jump.data(), base, data + i * T);
      continue;
    }
#endif
    base::expected_category(int(T), int(C), m, s, c, jump.data(), base, data + i * T);
  }
  return out;
}

static Out count_moments(In1 y, In1 mean, In1 var, double noise_var, bool portable) {
  const size_t n = mean.shape(0);
  require(y.shape(0) == n && var.shape(0) == n, "lengths differ");
  double* data;
  Out out = fresh<double, Out>({n, 3}, &data);
#ifdef NIGHTDOSE_HAS_AVX2
  if (wide() && !portable) {
    avx2::count_moments(int(n), y.data(), mean.data(), var.data(), noise_var, data);
    return out;
  }
#endif
  base::count_moments(int(n), y.data(), mean.data(), var.data(), noise_var, data);
  return out;
}

// (D,) log p(y | path) - log of the sites' density, for each of D paths eta (D, T) at one hyper-parameter point.
static Out log_site_ratio(int family, In1 y, In1 cut, double noise_sd, In1 site_obs, In1 site_var, In2 eta) {
  const size_t n = eta.shape(0), T = eta.shape(1), cuts = cut.shape(0);
  require(y.shape(0) == T && site_obs.shape(0) == T && site_var.shape(0) == T, "days differ");
  require(Family(family) != Family::gaussian, "a Gaussian outcome has no sites");
  if (Family(family) == Family::category)
    for (size_t t = 0; t < T; ++t) require(y.data()[t] >= 0 && y.data()[t] <= double(cuts), "category out of range");
  const double noise_var = std::max(noise_sd * noise_sd, 1e-12);  // none at all would divide by it
  double* data;
  Out out = fresh<double, Out>({n}, &data);
#ifdef NIGHTDOSE_HAS_AVX2
  if (wide()) {
    avx2::log_site_ratio(int(n), int(T), Family(family), y.data(), int(cuts), cut.data(), noise_var, site_obs.data(),
                         site_var.data(), eta.data(), data);
    return out;
  }
#endif
  base::log_site_ratio(int(n), int(T), Family(family), y.data(), int(cuts), cut.data(), noise_var, site_obs.data(),
                       site_var.data(), eta.data(), data);
  return out;
}

NB_MODULE(_inference, m) {
  m.doc() = "Compiled kernels of nightdose.inference; see cpp/inference/kernel.cpp for the model.";
  m.def("evaluate", &evaluate, nb::arg("family"), nb::arg("seen"), nb::arg("y"),
        nb::arg("fixed"), nb::arg("input"), nb::arg("start"), nb::arg("border_mean"), nb::arg("border_prec"),
        nb::arg("day_weight"), nb::arg("start_obs"), nb::arg("start_var"), nb::arg("points"), nb::arg("tau"), nb::arg("cut"),
        nb::arg("site_obs"), nb::arg("site_var"), nb::arg("path"), nb::arg("keep_sites"), nb::arg("max_sweeps"),
        nb::arg("tolerance"), nb::arg("damping"), nb::arg("threads"));
  m.def("interval_moments", &interval_moments);
  m.def("normal_cdf", &elementwise<lower_tail>);
  m.def("normal_quantile", &elementwise<normal_quantile>);
  m.def("expected_category", &expected_category);
  m.def("count_moments", &count_moments);
  m.def("log_site_ratio", &log_site_ratio);
}
