// Python face of the inference kernels: checks shapes, releases the interpreter lock, splits points over threads.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#ifndef __EMSCRIPTEN__
#include <thread>
#endif
#include <utility>
#include <vector>

#include "../wide.hpp"
#include "gain.hpp"
#include "kernel.hpp"
#include "normal.hpp"
#include "points.hpp"

namespace nb = nanobind;
using namespace nightdose;

using In1 = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using In2 = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using In3 = nb::ndarray<const double, nb::ndim<3>, nb::c_contig, nb::device::cpu>;
using In4 = nb::ndarray<const double, nb::ndim<4>, nb::c_contig, nb::device::cpu>;
using Mask = nb::ndarray<const unsigned char, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Ints = nb::ndarray<const int, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Out = nb::ndarray<nb::numpy, double>;
using OutInt = nb::ndarray<nb::numpy, int>;
using Sites = std::optional<std::pair<In2, In2>>;  // pseudo-outcomes and their variances

// A new array of noughts; `unwritten` where every element of it is about to be written.
template <class T, class Array>
Array fresh(std::vector<size_t> shape, T** data, bool unwritten = false) {
  size_t n = 1;
  for (size_t s : shape) n *= s;
  n = std::max<size_t>(n, 1);
  *data = unwritten ? new T[n] : new T[n]();
  nb::capsule owner(*data, [](void* p) noexcept { delete[] static_cast<T*>(p); });
  return Array(*data, shape.size(), shape.data(), owner);
}

static void require(bool ok, const char* what) {
  if (!ok) throw std::invalid_argument(what);
}

// The kernel `name` of the widest variant that this processor runs.
#ifdef NIGHTDOSE_HAS_WIDE
#define WIDEST(name) (widest() == Width::avx512 ? avx512::name : widest() == Width::avx2 ? avx2::name : base::name)
#else
#define WIDEST(name) (base::name)
#endif

// work(first, last) for all M points, split over threads at whole registers.
template <class Work>
static void split(size_t M, int threads, Work work) {
  nb::gil_scoped_release unlocked;
  const int lanes = WIDEST(width)(), groups = (int(M) + lanes - 1) / lanes, workers = std::max(1, std::min(threads, groups));
  auto part = [&](int i) { work(lanes * (groups * i / workers), std::min(int(M), lanes * (groups * (i + 1) / workers))); };
#ifndef __EMSCRIPTEN__
  std::vector<std::thread> pool;
  for (int i = 0; i + 1 < workers; ++i) pool.emplace_back(part, i);
  part(workers - 1);
  for (auto& thread : pool) thread.join();
#else
  for (int i = 0; i < workers; ++i) part(i);
#endif
}

// One diary, its arrays kept alive: what stays the same from one set of hyper-parameter points to the next.
class DiaryFace {
 public:
  DiaryFace(int family, int cuts, Mask seen, In1 y, std::optional<In1> spread, double rounding_var, In2 fixed, In2 input, In1 start,
            In1 border_mean, In1 border_prec, In1 day_weight, std::optional<In1> start_obs, std::optional<In1> start_beyond,
            int max_sweeps, double tolerance)
      : seen_(seen), y_(y), spread_(spread), fixed_(fixed), input_(input), start_(start), mean_(border_mean),
        prec_(border_prec), weight_(day_weight), start_obs_(start_obs), start_beyond_(start_beyond),
        set_{max_sweeps, tolerance} {
    const size_t T = y.shape(0), F = fixed.shape(1), J = input.shape(1), P = F + J;
    require(T > 0 && P <= size_t(max_border), "too many columns, or no day");
    require(seen.shape(0) == T && fixed.shape(0) == T && input.shape(0) == T && day_weight.shape(0) == T, "days differ");
    require(start.shape(0) == J && border_mean.shape(0) == P && border_prec.shape(0) == P, "columns differ");
    require(!spread || spread->shape(0) == T, "spread must be (T)");
    require(!start_obs == !start_beyond, "sites to start from come in twos");
    require(!start_obs || (start_obs->shape(0) == T && start_beyond->shape(0) == T), "sites to start from must be (T)");
    require(cuts >= 0 && family >= 0 && family <= 2, "no such family");
    if (Family(family) == Family::category)
      for (size_t t = 0; t < T; ++t)
        require(!seen.data()[t] || (y.data()[t] >= 0 && y.data()[t] <= double(cuts)), "category out of range");
    d_ = {int(T), int(F), int(J), Family(family), cuts, seen_.data(), y_.data(), spread_ ? spread_->data() : nullptr,
          rounding_var, fixed_.data(), input_.data(), start_.data(), mean_.data(), prec_.data(), weight_.data(),
          start_obs_ ? start_obs_->data() : nullptr, start_beyond_ ? start_beyond_->data() : nullptr};
  }

  nb::dict evaluate(In2 points, In2 tau, In2 cut, bool keep_sites, int threads) const {
    Points pt = at(points, tau, cut, {});
    const std::vector<int> order = side_by_side(pt);
    pt.order = order.data();
    const size_t M = pt.M, P = d_.F + d_.J;
    Evaluations r{};
    nb::dict out;
    out["loglik"] = fresh<double, Out>({M}, &r.loglik);
    out["mean"] = fresh<double, Out>({M, P}, &r.mean);
    out["cov"] = fresh<double, Out>({M, P, P}, &r.cov);
    out["exposure"] = fresh<double, Out>({M, size_t(d_.J)}, &r.exposure);
    out["sweeps"] = fresh<int, OutInt>({M}, &r.sweeps);
    if (keep_sites) {
      out["site_obs"] = fresh<double, Out>({M, size_t(d_.T)}, &r.site_obs, true);
      out["site_var"] = fresh<double, Out>({M, size_t(d_.T)}, &r.site_var, true);
    }
    split(M, threads, [&](int first, int last) { WIDEST(evaluate)(d_, pt, set_, r, first, last); });
    return out;
  }

  // (M,) log marginal likelihood alone.
  Out log_evidence(In2 points, In2 tau, In2 cut, int threads) const {
    Points pt = at(points, tau, cut, {});
    const std::vector<int> order = side_by_side(pt);
    pt.order = order.data();
    Evaluations r{};
    const Out out = fresh<double, Out>({size_t(pt.M)}, &r.loglik);
    split(pt.M, threads, [&](int first, int last) { WIDEST(evaluate)(d_, pt, set_, r, first, last); });
    return out;
  }

  nb::dict paths(In2 points, In2 tau, In2 cut, Sites sites, Ints days, int threads) const {
    const Points pt = at(points, tau, cut, sites);
    const size_t M = pt.M, P = d_.F + d_.J, D = days.shape(0);
    for (size_t i = 0; i < D; ++i)
      require(days.data()[i] >= (i ? days.data()[i - 1] + 1 : 0) && days.data()[i] < d_.T, "days must rise");
    Paths r{};
    nb::dict out;
    out["offset"] = fresh<double, Out>({M, D}, &r.offset, true);
    out["slope"] = fresh<double, Out>({M, D, P}, &r.slope, true);
    out["var"] = fresh<double, Out>({M, D}, &r.var, true);
    out["lagged"] = fresh<double, Out>({M, D, size_t(d_.J)}, &r.lagged, true);
    out["mean"] = fresh<double, Out>({M, P}, &r.mean);
    out["cov"] = fresh<double, Out>({M, P, P}, &r.cov);
    const PathRequest ask{int(D), days.data()};
    split(M, threads, [&](int first, int last) { WIDEST(paths)(d_, pt, set_, ask, r, first, last); });
    return out;
  }

  // (mean, square): (2, T) each, over weighted points; by one thread, so that sums come in one order.
  nb::tuple curves(In2 points, In2 tau, In2 cut, Sites sites, In1 weight, Mask left_out) const {
    const Points pt = at(points, tau, cut, sites);
    require(weight.shape(0) == size_t(pt.M) && left_out.shape(0) == size_t(d_.F + d_.J), "weight (M), left_out (P)");
    Curves r{};
    const Out mean = fresh<double, Out>({2, size_t(d_.T)}, &r.mean), square = fresh<double, Out>({2, size_t(d_.T)}, &r.square);
    const CurveRequest ask{weight.data(), left_out.data()};
    split(pt.M, 1, [&](int first, int last) { WIDEST(curves)(d_, pt, set_, ask, r, first, last); });
    return nb::make_tuple(mean, square);
  }

  // (mean, var): (M, T) each.
  nb::tuple left_out(In2 points, In2 tau, In2 cut, Sites sites) const {
    const Points pt = at(points, tau, cut, sites);
    const size_t M = pt.M, T = d_.T;
    Cavities r{};
    const Out mean = fresh<double, Out>({M, T}, &r.mean), spread = fresh<double, Out>({M, T}, &r.var);
    split(M, 1, [&](int first, int last) { WIDEST(left_out)(d_, pt, set_, r, first, last); });
    return nb::make_tuple(mean, spread);
  }

  nb::dict products(In2 points, In2 tau, In2 cut, Sites sites, In2 further, Ints group) const {
    const Points pt = at(points, tau, cut, sites);
    const size_t M = pt.M, T = d_.T, K = 1 + d_.F + d_.J, B = further.shape(1);
    require(further.shape(0) == T && group.shape(0) == B, "further (T, B), group (B)");
    for (size_t b = 0, run = 0; b < B; ++b) {
      require(b == 0 || group.data()[b] >= group.data()[b - 1], "groups must not fall");
      run = b > 0 && group.data()[b] == group.data()[b - 1] ? run + 1 : 1;
      require(run <= size_t(widest_group), "a group is too wide");
    }
    Products r{};
    nb::dict out;
    out["gram"] = fresh<double, Out>({M, K, K}, &r.gram);
    out["logdet"] = fresh<double, Out>({M}, &r.logdet);
    out["cross"] = fresh<double, Out>({M, B, K}, &r.cross, true);
    out["own"] = fresh<double, Out>({M, B, size_t(widest_group)}, &r.own, true);
    out["step_cross"] = fresh<double, Out>({M, T, K}, &r.step_cross, true);
    out["step_own"] = fresh<double, Out>({M, T}, &r.step_own, true);
    const ProductRequest ask{int(B), further.data(), group.data()};
    split(M, 1, [&](int first, int last) { WIDEST(products)(d_, pt, set_, ask, r, first, last); });
    return out;
  }

 private:
  // Points of like noise next to each other: they need as many rounds, and a register waits for the slowest of its points.
  static std::vector<int> side_by_side(const Points& pt) {
    std::vector<int> order(pt.M);
    for (int i = 0; i < pt.M; ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return pt.noise_sd[a] < pt.noise_sd[b]; });
    return order;
  }

  Points at(const In2& points, const In2& tau, const In2& cut, const Sites& sites) const {
    const size_t M = points.shape(1), T = d_.T;
    require(M > 0 && points.shape(0) == 4 && tau.shape(0) == M && tau.shape(1) == size_t(d_.J), "points (4, M), tau (M, J)");
    require(cut.shape(0) == M && cut.shape(1) == size_t(d_.cuts), "cut must be (M, cuts)");
    for (const In2* site : {sites ? &sites->first : nullptr, sites ? &sites->second : nullptr})
      require(!site || (site->shape(0) == M && site->shape(1) == T), "sites must be (M, T)");
    const double* q = points.data();
    return {int(M), q, q + M, q + 2 * M, q + 3 * M, tau.data(), cut.data(), sites ? sites->first.data() : nullptr,
            sites ? sites->second.data() : nullptr};
  }

  Mask seen_;
  In1 y_;
  std::optional<In1> spread_;
  In2 fixed_, input_;
  In1 start_, mean_, prec_, weight_;
  std::optional<In1> start_obs_, start_beyond_;
  Settings set_;
  Diary d_;
};

// (n, 3) log normaliser and its derivatives, from the chosen variant; `portable` asks for the plain one.
static Out interval_moments(In1 lower, In1 upper, In1 mean, In1 var, double noise_var, bool portable) {
  const size_t n = mean.shape(0);
  require(lower.shape(0) == n && upper.shape(0) == n && var.shape(0) == n, "lengths differ");
  double* data;
  Out out = fresh<double, Out>({n, 3}, &data);
  (portable ? base::moments : WIDEST(moments))(int(n), lower.data(), upper.data(), mean.data(), var.data(), noise_var, data);
  return out;
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

// How a latent normal becomes an outcome: what stays the same from one expectation to the next.
class LinkFace {
 public:
  // cut : (N, C) or (1, C) for all points; jump : (C,) what each cut is worth; even : the cuts are equally far apart and worth 1.
  LinkFace(int family, In2 cut, In1 jump, double base, bool even) : cut_(cut), jump_(jump), base_(base) {
    require(family == int(Family::count) || family == int(Family::category), "a link that bends nothing");
    require(jump.shape(0) == cut.shape(1) && (family == int(Family::count) || cut.shape(1) > 0), "cuts differ");
    link_ = {Family(family), even, int(cut.shape(1)), nullptr, jump_.data(), base_, 0, 0, 1};
  }

  // E[outcome] for eta ~ N(mean, var) and noise_sd (N,): (N, D) each.
  Out expected(In2 mean, In2 var, In1 noise_sd) const {
    const size_t N = mean.shape(0), D = mean.shape(1);
    require(var.shape(0) == N && var.shape(1) == D && noise_sd.shape(0) == N, "mean, var and noise_sd differ");
    double* data;
    Out out = fresh<double, Out>({N, D}, &data, true);
    nb::gil_scoped_release unlocked;
    for (size_t i = 0; i < N && D > 0; ++i) {
      const double noise = noise_sd.data()[i];
      WIDEST(expected)(int(D), mean.data() + i * D, var.data() + i * D, noise * noise, at(i, N), data + i * D);
    }
    return out;
  }

  // Four arrays (N, 3, 3), as `Bends` says; nodes : (3,); the others (N, D).
  nb::tuple bends(In1 nodes, In2 middle, In2 along, In2 aside, In2 felt, In2 felt_along, In2 felt_aside, In2 left,
                  In1 noise_sd) const {
    const size_t N = middle.shape(0), D = middle.shape(1);
    for (const In2* x : {&along, &aside, &felt, &felt_along, &felt_aside, &left})
      require(x->shape(0) == N && x->shape(1) == D, "arrays differ");
    require(nodes.shape(0) == 3 && noise_sd.shape(0) == N && D > 0, "three nodes, one noise_sd a point, a day");
    Bends r{};
    const Out gain = fresh<double, Out>({N, 3, 3}, &r.gain), gain_size = fresh<double, Out>({N, 3, 3}, &r.gain_size);
    const Out sum = fresh<double, Out>({N, 3, 3}, &r.felt), size = fresh<double, Out>({N, 3, 3}, &r.felt_size);
    {
      nb::gil_scoped_release unlocked;
      for (size_t i = 0; i < N; ++i) {
        auto row = [&](const In2& x) { return x.data() + i * D; };
        const double noise = noise_sd.data()[i];
        const Standing s{int(D), row(middle), row(along), row(aside), row(felt), row(felt_along), row(felt_aside), row(left),
                         noise * noise};
        WIDEST(bends)(s, nodes.data(), at(i, N), {r.gain + 9 * i, r.gain_size + 9 * i, r.felt + 9 * i, r.felt_size + 9 * i});
      }
    }
    return nb::make_tuple(gain, gain_size, sum, size);
  }

 private:
  // The link of point i of N.
  Link at(size_t i, size_t N) const {
    const size_t C = cut_.shape(1);
    require(link_.family == Family::count || cut_.shape(0) == N || cut_.shape(0) == 1, "cuts of another number of points");
    Link link = link_;
    link.cut = cut_.data() + (cut_.shape(0) == N ? i * C : 0);
    if (C > 1) link.step = (link.cut[C - 1] - link.cut[0]) / double(C - 1);
    if (C > 0) {
      link.low = link.cut[0] - 0.5 * link.step;
      link.high = link.cut[C - 1] + 0.5 * link.step;
    }
    return link;
  }

  In2 cut_;
  In1 jump_;
  double base_;
  Link link_;
};

// A mixture of bent or straight normals: P(g <= x).
class MixtureFace {
 public:
  // weight, mid, slope : (n,); bend, rest : (3, n) coefficients of parabolas in u, or none.
  MixtureFace(In1 weight, In1 mid, In1 slope, std::optional<In2> bend, std::optional<In2> rest, double farthest)
      : weight_(weight), mid_(mid), slope_(slope), bend_(bend), rest_(rest) {
    const size_t n = weight.shape(0);
    require(n > 0 && mid.shape(0) == n && slope.shape(0) == n && !bend == !rest && farthest > 0, "components differ");
    for (const auto* x : {&bend_, &rest_}) require(!*x || ((*x)->shape(0) == 3 && (*x)->shape(1) == n), "parabolas (3, n)");
    mixed_ = {int(n), weight_.data(), mid_.data(), slope_.data(), bend_ ? bend_->data() : nullptr,
              rest_ ? rest_->data() : nullptr, farthest};
    if (!bend_) return;
    knots_.resize(mixture_rows * n);
    WIDEST(at_knots)(mixed_, knots_.data());
  }

  double below(double x) const { return WIDEST(mixture_below)(mixed_, knots_.data(), x); }

  // (K,) mean of g where mid + slope u is each of x, (K,); every slope > 0.
  Out at(In1 x) const {
    for (size_t i = 0; i < slope_.shape(0); ++i) require(slope_.data()[i] > 0, "a component without spread");
    double* data;
    Out out = fresh<double, Out>({x.shape(0)}, &data);
    WIDEST(mixture_at)(mixed_, int(x.shape(0)), x.data(), data);
    return out;
  }

 private:
  In1 weight_, mid_, slope_;
  std::optional<In2> bend_, rest_;
  std::vector<double> knots_;
  Mixed mixed_;
};

static Out count_moments(In1 y, In1 mean, In1 var, double noise_var, bool portable) {
  const size_t n = mean.shape(0);
  require(y.shape(0) == n && var.shape(0) == n, "lengths differ");
  double* data;
  Out out = fresh<double, Out>({n, 3}, &data);
  (portable ? base::count_moments : WIDEST(count_moments))(int(n), y.data(), mean.data(), var.data(), noise_var, data);
  return out;
}

// (D,) log p(y | path) - log of the sites' density, for each of D paths eta (D, T) at one hyper-parameter point.
static Out log_site_ratio(int family, In1 y, In1 cut, In1 noise_sd, In1 site_obs, In1 site_var, In2 eta) {
  const size_t n = eta.shape(0), T = eta.shape(1), cuts = cut.shape(0);
  require(y.shape(0) == T && noise_sd.shape(0) == T && site_obs.shape(0) == T && site_var.shape(0) == T, "days differ");
  require(Family(family) != Family::gaussian, "a Gaussian outcome has no sites");
  if (Family(family) == Family::category)
    for (size_t t = 0; t < T; ++t) require(y.data()[t] >= 0 && y.data()[t] <= double(cuts), "category out of range");
  std::vector<double> noise_var(T);
  for (size_t t = 0; t < T; ++t) noise_var[t] = std::max(noise_sd.data()[t] * noise_sd.data()[t], 1e-12);  // never 1 / 0
  double* data;
  Out out = fresh<double, Out>({n}, &data);
  WIDEST(log_site_ratio)(int(n), int(T), Family(family), y.data(), int(cuts), cut.data(), noise_var.data(), site_obs.data(),
                       site_var.data(), eta.data(), data);
  return out;
}

// (4, N) hyper-parameters at prior-normal coordinates z, (N, dim); noise_fixed : None = unknown as the others are.
static Out hyper(In2 z, double level_scale, double ar_scale, double noise_scale, std::optional<double> noise_fixed) {
  const size_t N = z.shape(0), dim = z.shape(1);
  require(dim >= (noise_fixed ? 3u : 4u), "too few coordinates");
  double* data;
  Out out = fresh<double, Out>({4, N}, &data);
  hyper_of(z.data(), N, dim, {level_scale, ar_scale, noise_scale, noise_fixed.value_or(std::nan(""))}, data);
  return out;
}

// (N,) log density of a mixture of normals at z, (N, dim), as `Normals` of kernel.hpp says it.
static Out log_density_of(In2 z, In2 centres, In3 unroots, In2 constants, In1 widths) {
  const size_t N = z.shape(0), K = centres.shape(0), dim = centres.shape(1), C = widths.shape(0);
  require(z.shape(1) == dim && unroots.shape(0) == K && unroots.shape(1) == dim && unroots.shape(2) == dim, "dimensions differ");
  require(K > 0 && C > 0 && constants.shape(0) == K && constants.shape(1) == C, "components differ");
  double* data;
  Out out = fresh<double, Out>({N}, &data);
  WIDEST(log_density)({int(K), int(dim), int(C), centres.data(), unroots.data(), constants.data(), widths.data()}, int(N), z.data(), data);
  return out;
}

// What candidates add: log_ratio (N, C), coefficients (N, C, Q), cov (N, C, Q, Q), as gain.hpp says.
static nb::tuple gain_of(In4 cross, In4 own, In2 sd, In2 mean, In3 cov) {
  const size_t N = cross.shape(0), C = cross.shape(1), Q = cross.shape(2), K = cross.shape(3);
  require(own.shape(0) == N && own.shape(1) == C && own.shape(2) == Q && own.shape(3) == Q, "candidates differ");
  require(sd.shape(0) == C && sd.shape(1) == Q && K > 0, "one sd a column");
  require(mean.shape(0) == N && mean.shape(1) == K && cov.shape(0) == N && cov.shape(1) == K && cov.shape(2) == K, "fits differ");
  Gains r{};
  const Out ratio = fresh<double, Out>({N, C}, &r.log_ratio), coefficients = fresh<double, Out>({N, C, Q}, &r.coefficients);
  const Out left = fresh<double, Out>({N, C, Q, Q}, &r.cov);
  const Candidates given{N, C, Q, K, cross.data(), own.data(), sd.data(), mean.data(), cov.data()};
  Q == 1 && K <= size_t(max_border) + 1 ? WIDEST(gain_of_one)(given, r) : gain(given, r);
  return nb::make_tuple(ratio, coefficients, left);
}

NB_MODULE(_inference, m) {
  using namespace nb::literals;
  m.doc() = "Compiled kernels of nightdose.inference; see cpp/inference/kernel.cpp for the model.";
  m.attr("INTERFACE") = 9;  // counted up with every change of what is called here: marginal.py asks for it
  nb::class_<DiaryFace>(m, "Diary")
      .def(nb::init<int, int, Mask, In1, std::optional<In1>, double, In2, In2, In1, In1, In1, In1, std::optional<In1>,
                    std::optional<In1>, int, double>(),
           nb::kw_only(), "family"_a, "cuts"_a, "seen"_a, "y"_a, "spread"_a.none(), "rounding_var"_a, "fixed"_a, "input"_a, "start"_a,
           "border_mean"_a, "border_prec"_a, "day_weight"_a, "start_obs"_a.none(), "start_beyond"_a.none(), "max_sweeps"_a,
           "tolerance"_a)
      .def("evaluate", &DiaryFace::evaluate, "points"_a, "tau"_a, "cut"_a, nb::kw_only(), "keep_sites"_a, "threads"_a)
      .def("log_evidence", &DiaryFace::log_evidence, "points"_a, "tau"_a, "cut"_a, nb::kw_only(), "threads"_a)
      .def("paths", &DiaryFace::paths, "points"_a, "tau"_a, "cut"_a, nb::kw_only(), "sites"_a.none(), "days"_a, "threads"_a)
      .def("curves", &DiaryFace::curves, "points"_a, "tau"_a, "cut"_a, nb::kw_only(), "sites"_a.none(), "weight"_a, "left_out"_a)
      .def("left_out", &DiaryFace::left_out, "points"_a, "tau"_a, "cut"_a, nb::kw_only(), "sites"_a.none())
      .def("products", &DiaryFace::products, "points"_a, "tau"_a, "cut"_a, nb::kw_only(), "sites"_a.none(), "further"_a, "group"_a);
  nb::class_<LinkFace>(m, "Link")
      .def(nb::init<int, In2, In1, double, bool>(), nb::kw_only(), "family"_a, "cut"_a, "jump"_a, "base"_a, "even"_a)
      .def("expected", &LinkFace::expected, "mean"_a, "var"_a, "noise_sd"_a)
      .def("bends", &LinkFace::bends, "nodes"_a, "middle"_a, "along"_a, "aside"_a, "felt"_a, "felt_along"_a, "felt_aside"_a,
           "left"_a, "noise_sd"_a);
  nb::class_<MixtureFace>(m, "Mixture")
      .def(nb::init<In1, In1, In1, std::optional<In2>, std::optional<In2>, double>(), nb::kw_only(), "weight"_a, "mid"_a,
           "slope"_a, "bend"_a.none(), "rest"_a.none(), "farthest"_a)
      .def("below", &MixtureFace::below, "x"_a)
      .def("at", &MixtureFace::at, "x"_a);
  m.def("interval_moments", &interval_moments);
  m.def("normal_cdf", &elementwise<lower_tail>);
  m.def("normal_quantile", &elementwise<normal_quantile>);
  m.def("hyper", &hyper, "z"_a, nb::kw_only(), "level_scale"_a, "ar_scale"_a, "noise_scale"_a, "noise_fixed"_a.none());
  m.def("log_density", &log_density_of, "z"_a, nb::kw_only(), "centres"_a, "unroots"_a, "constants"_a, "widths"_a);
  m.def("gain", &gain_of, "cross"_a, "own"_a, "sd"_a, nb::kw_only(), "mean"_a, "cov"_a);
  m.def("count_moments", &count_moments);
  m.def("log_site_ratio", &log_site_ratio);
}
