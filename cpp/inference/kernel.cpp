// log p(y | hyper-parameters) of one diary at several hyper-parameter points at once, one point a vector lane.
//
//   y_t   = eta_t + e_t,  e_t ~ N(0, R_t)     (Gaussian outcome: R_t = spread_t noise_sd^2 + rounding_var; else the site of day t)
//   category k  where  cut_(k-1) < eta_t + e_t <= cut_k;    count ~ Poisson(exp(eta_t + e_t));  e_t ~ N(0, noise_sd^2)
//   eta_t = level_t + spell_t + z_t' b,   b ~ N(border_mean, diag(border_prec)^-1);  z_t = (fixed_t, exposure_t(tau))
//
// Level and spell, and the sums over days: filter.hpp. What stands for a category or a count: sites.hpp.
// The slow twin is src/nightdose/inference/reference.py.
#include <cstring>

#include "sites.hpp"

namespace nightdose {
namespace NIGHTDOSE_ARCH {
namespace {

// One group of lanes: its hyper-parameters, and what a pass over the days left behind.
struct Group {
  Workspace w;
  Theta th;
  Sums sums;
  Border border[lanes];
  int sweeps[lanes];
  Group(const Diary& d, bool path) : w(d, path) {}
};

void load(const Diary& d, const Points& pt, Group& g, int first, int count) {
  V keep[max_border];
  for (int k = 0; k < lanes; ++k) {
    const int i = pt.in_turn(first + std::min(k, count - 1));  // idle lanes repeat the last point
    const double sa2 = pt.ar_sd[i] * pt.ar_sd[i], phi = pt.ar_phi[i];
    g.th.q_level[k] = pt.level_sd[i] * pt.level_sd[i];
    g.th.ar_var[k] = sa2;
    g.th.phi[k] = phi;
    g.th.q_ar[k] = sa2 * (1 - phi) * (1 + phi);
    g.th.noise_var[k] = pt.noise_sd[i] * pt.noise_sd[i];
    for (int j = 0; j < d.J; ++j) {
      const double tau = pt.tau[i * d.J + j];
      keep[j][k] = tau > 0 ? std::exp(-1 / tau) : 0.0;
    }
  }
  filter_inputs(d, keep, g.w);
}

// Points first .. first + count - 1 through the filter, sites settled where there are any. Where only the evidence is asked
// for, the coefficients are left at the sites before the last round, and the pass that would renew them is saved.
template <bool path>
void settle(const Diary& d, const Points& pt, const Settings& set, Group& g, int first, int count, bool evidence_only) {
  int n_seen = 0;
  for (int t = 0; t < d.T; ++t) n_seen += d.seen[t] != 0;
  load(d, pt, g, first, count);
  first_sites(d, pt, g.w, g.th.noise_var, first, count);
  const bool gaussian = d.family == Family::gaussian || pt.site_obs != nullptr;
  bool done[lanes];
  for (int k = 0; k < lanes; ++k) { g.sweeps[k] = 0; done[k] = gaussian; }
  auto pass = [&] {
    forward<path>(d, g.th, g.w, g.sums);
    for (int k = 0; k < lanes; ++k) solve_border(d, g.sums, n_seen, k, g.border[k]);
  };
  pass();
  if (gaussian) return;
  double evidence[lanes];
  for (int sweep = 1; sweep <= set.max_sweeps; ++sweep) {
    leave_one_out(d, g.th, g.w, g.border);
    const auto [change, correction] = update_sites(d, g.w, done, g.th.noise_var);
    bool open = false;
    for (int k = 0; k < lanes; ++k) {
      if (done[k]) continue;  // a finished lane stays as it is, whatever its neighbours need
      // of the sites before this round: where they settle the evidence is flat in them
      evidence[k] = g.border[k].loglik + 0.5 * n_seen * log_2pi + correction[k];
      done[k] = change[k] < set.tolerance || !std::isfinite(change[k]);
      g.sweeps[k] = std::isfinite(change[k]) ? sweep : -sweep;
      open |= !done[k];
    }
    if (open || !evidence_only) pass();
    if (!open) break;
  }
  for (int k = 0; k < lanes; ++k) {
    if (!done[k]) g.sweeps[k] = -set.max_sweeps;
    g.border[k].loglik = evidence[k];
  }
}

// The groups of points first .. last - 1, one after the other: what(group, first point, how many).
template <bool path, class What>
void each_group(const Diary& d, const Points& pt, const Settings& set, int first, int last, What what,
                bool evidence_only = false) {
  Group g(d, path);
  for (int i = first; i < last; i += lanes) {
    const int count = std::min(lanes, last - i);
    settle<path>(d, pt, set, g, i, count, evidence_only);
    what(g, i, count);
  }
}

// Smoothed level + spell of column c on a day: of the outcome itself for c = 0.
inline V smoothed(const Workspace& w, const Back& b, int t, int c, V hl, V hu) {
  return w.pred[2 * (t * w.K + c)] + w.pred[2 * (t * w.K + c) + 1] + hl * b.rl[c] + hu * b.ru[c];
}

inline V smoothed_var(const Back& b, V hl, V hu) {
  return hl + hu - (hl * (b.nll * hl + b.nlu * hu) + hu * (b.nlu * hl + b.nuu * hu));
}

}  // namespace

int width() { return lanes; }

void evaluate(const Diary& d, const Points& pt, const Settings& set, const Evaluations& out, int first, int last) {
  const int P = d.F + d.J;
  each_group<false>(d, pt, set, first, last, [&](const Group& g, int at, int count) {
    V exposure[max_border];
    for (int j = 0; j < d.J; ++j) {
      exposure[j] = all(0);
      for (int t = 0; t < d.T; ++t) exposure[j] += d.day_weight[t] * g.w.z[t * d.J + j];
    }
    for (int k = 0; k < count; ++k) {
      const int i = pt.in_turn(at + k);
      const Border& b = g.border[k];
      out.loglik[i] = b.ok && std::isfinite(b.loglik) ? b.loglik : -std::numeric_limits<double>::infinity();
      if (!out.mean) continue;
      out.sweeps[i] = g.sweeps[k];
      write_border(b, P, out.mean + size_t(i) * P, out.cov + size_t(i) * P * P);
      for (int j = 0; j < d.J; ++j) out.exposure[i * d.J + j] = exposure[j][k];
    }
    if (!out.site_obs) return;
    for (int k = 0; k < count; ++k) {
      double* const obs = out.site_obs + size_t(pt.in_turn(at + k)) * d.T;
      double* const var = out.site_var + size_t(pt.in_turn(at + k)) * d.T;
      for (int t = 0; t < d.T; ++t) {
        obs[t] = g.w.obs[t][k];
        var[t] = g.w.obs_var[t][k];
      }
    }
  }, !out.mean);
}

void paths(const Diary& d, const Points& pt, const Settings& set, const PathRequest& ask, const Paths& out, int first,
           int last) {
  const int P = d.F + d.J, D = ask.D;
  each_group<true>(d, pt, set, first, last, [&](const Group& g, int at, int count) {
    int next = D - 1;  // of the days asked for, from the last
    backward(d, g.th, g.w, [](int, const V*, V) {}, [&](int t, const Back& b) {
      if (next < 0 || ask.days[next] != t) return;
      const V hl = g.w.pll[t] + g.w.plu[t], hu = g.w.plu[t] + g.w.puu[t];
      const V var = smoothed_var(b, hl, hu);
      for (int c = 0; c < g.w.K; ++c) {
        const V x = smoothed(g.w, b, t, c, hl, hu);
        for (int k = 0; k < count; ++k) {
          const size_t to = size_t(at + k) * D + next;
          if (c == 0) out.offset[to] = x[k];
          else out.slope[to * P + c - 1] = column(d, g.w, t, c - 1)[k] - x[k];
        }
      }
      for (int k = 0; k < count; ++k) {
        const size_t to = size_t(at + k) * D + next;
        out.var[to] = std::max(var[k], 0.0);
        for (int j = 0; j < d.J; ++j) out.lagged[to * d.J + j] = g.w.z[t * d.J + j][k];
      }
      --next;
    });
    for (int k = 0; k < count; ++k) {
      const size_t i = at + k;
      write_border(g.border[k], P, out.mean + i * P, out.cov + i * P * P);
    }
  });
}

void curves(const Diary& d, const Points& pt, const Settings& set, const CurveRequest& ask, const Curves& out, int first,
            int last) {
  const int P = d.F + d.J;
  each_group<true>(d, pt, set, first, last, [&](const Group& g, int at, int count) {
    const BorderLanes border(g.border, P);
    V weight = all(0);
    for (int k = 0; k < count; ++k) weight[k] = ask.weight[at + k];
    backward(d, g.th, g.w, [](int, const V*, V) {}, [&](int t, const Back& b) {
      const V hl = g.w.pll[t] + g.w.plu[t], hu = g.w.plu[t] + g.w.puu[t];
      const V var = largest(smoothed_var(b, hl, hu), all(0)), offset = smoothed(g.w, b, t, 0, hl, hu);
      V slope[2][max_border], mean[2] = {offset, offset};
      for (int c = 0; c < P; ++c) {
        const V x = smoothed(g.w, b, t, 1 + c, hl, hu), z = column(d, g.w, t, c);
        slope[0][c] = z - x;
        slope[1][c] = ask.left_out[c] ? -x : z - x;
        for (int which = 0; which < 2; ++which) mean[which] += slope[which][c] * border.mean[c];
      }
      for (int which = 0; which < 2; ++which) {
        const V square = mean[which] * mean[which] + var + border.spread(slope[which], P);
        for (int k = 0; k < count; ++k) {
          out.mean[which * d.T + t] += weight[k] * mean[which][k];
          out.square[which * d.T + t] += weight[k] * square[k];
        }
      }
    });
  });
}

void left_out(const Diary& d, const Points& pt, const Settings& set, const Cavities& out, int first, int last) {
  each_group<false>(d, pt, set, first, last, [&](Group& g, int at, int count) {
    leave_one_out(d, g.th, g.w, g.border);
    for (int t = 0; t < d.T; ++t) {
      if (!d.seen[t]) continue;
      const Cavity c = cavity(g.w, t);
      for (int k = 0; k < count; ++k) {
        out.mean[size_t(at + k) * d.T + t] = c.mean[k];
        out.var[size_t(at + k) * d.T + t] = c.var[k];
      }
    }
  });
}

void products(const Diary& d, const Points& pt, const Settings& set, const ProductRequest& ask, const Products& out,
              int first, int last) {
  const int K = 1 + d.F + d.J, B = ask.B;
  each_group<false>(d, pt, set, first, last, [&](const Group& g, int at, int count) {
    for (int k = 0; k < count; ++k) {
      const size_t i = at + k;
      out.logdet[i] = g.sums.logdet[k];
      for (int c = 0; c < K; ++c)
        for (int e = 0; e <= c; ++e)
          out.gram[(i * K + c) * K + e] = out.gram[(i * K + e) * K + c] = g.sums.a[c * (c + 1) / 2 + e][k];
    }
    V cross[widest_group * (max_border + 1)], own[widest_group * widest_group];
    for (int b = 0, width; b < B; b += width) {
      for (width = 1; b + width < B && ask.group[b + width] == ask.group[b] && width < widest_group;) ++width;
      further_columns(d, g.th, g.w, ask.further + b, B, width, cross, own);
      for (int k = 0; k < count; ++k)
        for (int j = 0; j < width; ++j) {
          const size_t to = size_t(at + k) * B + b + j;
          for (int c = 0; c < K; ++c) out.cross[to * K + c] = cross[j * K + c][k];
          for (int e = 0; e < widest_group; ++e) out.own[to * widest_group + e] = own[j * widest_group + e][k];
        }
    }
    backward(d, g.th, g.w, [](int, const V*, V) {}, [&](int t, const Back& b) {
      for (int k = 0; k < count; ++k) {
        const size_t to = size_t(at + k) * d.T + t;
        out.step_own[to] = b.nll[k];
        for (int c = 0; c < K; ++c) out.step_cross[to * K + c] = b.rl[c][k];
      }
    });
  });
}

void moments(int n, const double* lower, const double* upper, const double* mean, const double* var, double noise_var,
             double* out) {
  for (int i = 0; i < n; ++i) {
    const V m = all(mean[i]), v = all(var[i]);
    const double low = std::max(lower[i], -open_end), high = std::min(upper[i], open_end);
    const bool first = low == -open_end, last = high == open_end;
    Tilted g = first != last ? half_line_moments(all(first ? high : low), last, m, v, all(noise_var))
                             : interval_moments(all(low), all(high), m, v, all(noise_var));
    if (underflows(g.z[0])) rescue(lower[i], upper[i], mean[i], var[i], noise_var, 0, g);
    out[3 * i] = g.log_scale[0] + std::log(g.z[0]);
    out[3 * i + 1] = g.d1[0];
    out[3 * i + 2] = g.d2[0];
  }
}

// With h = (mean - end) / sd, f = the density at h and sd in units of the step, what lies beyond an end is by Euler and
// Maclaurin's formula  sd (h Phi(h) + f) - f / (24 sd) + 7 (h^2 - 1) f / (5760 sd^3) + O(sd^-5).
static inline V beyond(V h, Tail t, V sd, V inv) {
  const V below = choose(h > 0, 1.0 - t.upper, t.upper);
  return sd * (h * below + t.density) + t.density * inv * (7.0 / 5760 * (h * h - 1.0) * inv * inv - 1.0 / 24);
}

// How the cuts of a link are summed: one by one; all that a lattice without ends would have, less those beyond either end; or
// in closed form with an end.
enum class Sum { steps, lattice, ends };

const double least_sd_ends = 0.9, least_sd_lattice = 0.15;  // in steps: above, both are within 1e-4 of a step

// The spread of a day, which many means share.
struct Spread {
  V var, sd, inv, wave[4] = {};
  Spread(V v, const Link& link, Sum way) : var(v), sd(largest(root(v), all(1e-12))), inv(1.0 / sd) {
    if (way != Sum::lattice) return;
    // q^(j j) / (pi j) with q = exp(-2 (pi sd / step)^2), signs in turn
    const double in_steps = 19.739208802178716 / (link.step * link.step);
    const V q = exp_lanes(largest(all(-60), -in_steps * v)), q2 = q * q, q4 = q2 * q2, q8 = q4 * q4;
    wave[0] = -0.31830988618379067 * q;
    wave[1] = 0.15915494309189534 * q4;
    wave[2] = -0.10610329539459689 * (q8 * q);
    wave[3] = 0.079577471545947673 * (q8 * q8);
  }
};

static inline V within_reach(V x) { return largest(all(-37.0), least(all(37.0), x)); }  // of a density above 1e-297

static inline V size(V x) { return choose(x > 0, x, -x); }

const double farthest_cut = 6.5;  // sd from a mean beyond which less than 1e-10 lies on the other side of a cut

// sum_j wave_j sin(2 pi j x), j from 1, by Clenshaw's recurrence from sin and cos of half the angle, |half| <= pi / 2.
static inline V waves(const V (&wave)[4], V x) {
  static const double sine[] = {3.1415926535897932,   -5.1677127800499701,  2.5501640398773454,   -0.59926452932079208,
                                0.082145886611128229, -0.0073704309457143505, 0.00046630280576761257, -2.1915353447830216e-5};
  static const double cosine[] = {1.0,                 -4.9348022005446793,   4.0587121264167682,    -1.3352627688545895, 0.2353306303588935,
                                  -0.025806891390014061, 0.0019295743094039231, -0.00010463810492484570, 4.3030695870329470e-6};
  const V magic = all(6755399441055744.0);  // as in exp_lanes: to the nearest whole number
  const V r = x - ((x + magic) - magic), square = r * r, s = r * polynomial(sine, square), c = polynomial(cosine, square);
  const V twice = 2.0 - 4.0 * s * s;
  const V b3 = wave[2] + twice * wave[3], b2 = wave[1] + twice * b3 - wave[3], b1 = wave[0] + twice * b2 - b3;
  return 2.0 * s * c * b1;
}

// base + sum over evenly spaced cuts of Phi((mean - cut) / sd). On a lattice without ends that sum is by Poisson's formula
//   x + sum_j (-1)^j q^(j j) / (pi j) sin(2 pi j x),   x = (mean - low) / step,
// of which four waves are left to 1e-6 where sd is at least 0.15 steps; the lattice's cuts beyond the ends are taken off.
static inline V on_lattice(const Link& link, V mean, const Spread& s) {
  const V past = farthest_cut * s.sd;
  mean = largest(link.low - past, least(link.high + past, mean));
  const V by_step = all(link.step) * s.inv, x = (mean - link.low) * (1 / link.step);
  V sum = link.base + x + waves(s.wave, x);
  auto tails = [&](V h, double sign) {  // of the cuts at h, h - 1 step, h - 2 steps, ... sd
    for (; any(h > -farthest_cut); h -= by_step) {
      const V upper = short_tail(size(within_reach(h))).upper;
      sum += sign * choose(h > 0, 1.0 - upper, upper);
    }
  };
  tails((mean - link.high) * s.inv - 0.5 * by_step, -1);
  tails((link.low - mean) * s.inv - 0.5 * by_step, 1);
  return sum;
}

static inline V expected_at(const Link& link, Sum way, V mean, const Spread& s) {
  if (link.family == Family::count) return exp_lanes(largest(all(-700.0), least(all(50.0), mean + 0.5 * s.var)));
  if (way == Sum::lattice) return on_lattice(link, mean, s);
  if (way == Sum::ends) {
    const V unit = s.sd * (1 / link.step), by_step = link.step * s.inv;
    const V over = within_reach((mean - link.high) * s.inv), under = within_reach((link.low - mean) * s.inv);
    const V x_over = size(over), x_under = size(under);
    const V of_over = 1.0 + 0.25 * x_over, of_under = 1.0 + 0.25 * x_under, both = 1.0 / (of_over * of_under);
    return link.base + (mean - link.low) * (1 / link.step) - beyond(over, short_tail_at(x_over, both * of_under), unit, by_step) +
           beyond(under, short_tail_at(x_under, both * of_over), unit, by_step);
  }
  V sum = all(link.base);
  for (int c = 0; c < link.cuts; ++c) {
    const V x = within_reach((mean - link.cut[c]) * s.inv);
    if (!any(size(x) < farthest_cut)) {
      sum += choose(x > 0, all(link.jump[c]), all(0));
      continue;
    }
    const V upper = tail(size(x)).upper;
    sum += link.jump[c] * choose(x > 0, 1.0 - upper, upper);
  }
  return sum;
}

// By the narrowest of n normals.
static Sum way_to_sum(const Link& link, int n, const double* var, double noise_var) {
  if (!link.even || link.cuts <= 4) return Sum::steps;
  const double narrowest = (*std::min_element(var, var + n) + noise_var) / (link.step * link.step);
  if (narrowest > least_sd_ends * least_sd_ends) return Sum::ends;
  return narrowest > least_sd_lattice * least_sd_lattice ? Sum::lattice : Sum::steps;
}

// Elements at .. at + lanes - 1 of n, the last one repeated beyond the end.
static inline V taken(const double* x, int at, int n) {
  V out;
  if (at + lanes <= n) {
    std::memcpy(&out, x + at, sizeof(V));
    return out;
  }
  for (int k = 0; k < lanes; ++k) out[k] = x[std::min(at + k, n - 1)];
  return out;
}

void expected(int n, const double* mean, const double* var, double noise_var, const Link& link, double* out) {
  const Sum way = way_to_sum(link, n, var, noise_var);
  for (int i = 0; i < n; i += lanes) {
    const V sum = expected_at(link, way, taken(mean, i, n), Spread(taken(var, i, n) + noise_var, link, way));
    for (int k = 0; k < std::min(lanes, n - i); ++k) out[i + k] = sum[k];
  }
}

void bends(const Standing& s, const double* nodes, const Link& link, const Bends& out) {
  const Sum way = way_to_sum(link, s.D, s.left, s.noise_var);
  V sums[9][4];
  for (auto& cell : sums)
    for (V& sum : cell) sum = all(0);
  for (int t = 0; t < s.D; t += lanes) {
    const Spread spread(taken(s.left, t, s.D) + s.noise_var, link, way);
    const V middle = taken(s.middle, t, s.D), along = taken(s.along, t, s.D), aside = taken(s.aside, t, s.D);
    const V felt = taken(s.felt, t, s.D), felt_along = taken(s.felt_along, t, s.D), felt_aside = taken(s.felt_aside, t, s.D);
    for (int cell = 0; cell < 9; ++cell) {
      const double v = nodes[cell / 3], u = nodes[cell % 3];
      const V at = middle + along * u + aside * v;
      V day = felt + felt_along * u + felt_aside * v;
      V more = expected_at(link, way, at, spread) - expected_at(link, way, at - day, spread);
      for (int k = s.D - t; k < lanes; ++k) day[k] = more[k] = 0;
      sums[cell][0] += more;
      sums[cell][1] += size(more);
      sums[cell][2] += day;
      sums[cell][3] += size(day);
    }
  }
  for (int cell = 0; cell < 9; ++cell) {
    double* const to[] = {out.gain + cell, out.gain_size + cell, out.felt + cell, out.felt_size + cell};
    for (int i = 0; i < 4; ++i)
      for (int k = 0; k < lanes; ++k) *to[i] += sums[cell][i][k];
  }
}

static inline V phi(V x) {
  const V at = within_reach(x), upper = tail(size(at)).upper;
  return choose(at > 0, 1.0 - upper, upper);
}

static inline V short_phi(V x) {
  const V at = within_reach(x), upper = short_tail(size(at)).upper;
  return choose(at > 0, 1.0 - upper, upper);
}

// Components at .. at + lanes - 1 of a bent mixture; idle lanes repeat the last one.
struct Bent {
  V mid, slope, b0, b1, b2, r0, r1, r2;
  Bent(const Mixed& m, int at)
      : mid(taken(m.mid, at, m.n)), slope(taken(m.slope, at, m.n)), b0(taken(m.bend, at, m.n)), b1(taken(m.bend + m.n, at, m.n)),
        b2(taken(m.bend + 2 * m.n, at, m.n)), r0(taken(m.rest, at, m.n)), r1(taken(m.rest + m.n, at, m.n)),
        r2(taken(m.rest + 2 * m.n, at, m.n)) {}
  V operator()(V u) const {
    const V bend = short_exp(largest(all(-700.0), least(all(700.0), b0 + u * (b1 + u * b2))));
    return (mid + slope * u) * bend + r0 + u * (r1 + u * r2);
  }
};

static inline double knot(const Mixed& m, int k) { return m.farthest * (2.0 * k / (mixture_knots - 1) - 1.0); }

// dg/du of the straight lines on which g goes on beyond the outermost knots: (mid + slope u) bend + rest, the parabolas held.
static inline V beyond_slope(const Bent& g, double end) {
  const V bend = exp_lanes(largest(all(-700.0), least(all(700.0), g.b0 + end * (g.b1 + end * g.b2))));
  return largest(g.slope * bend, all(1e-300));
}

void at_knots(const Mixed& m, double* out) {
  for (int i = 0; i < m.n; i += lanes) {
    const Bent g(m, i);
    const int count = std::min(lanes, m.n - i);
    auto keep = [&](int row, V value) {
      for (int lane = 0; lane < count; ++lane) out[size_t(row) * m.n + i + lane] = value[lane];
    };
    V before = all(-1e300), rising = all(1);
    for (int k = 0; k < mixture_knots; ++k) {
      const V value = g(all(knot(m, k)));
      keep(k, value);
      rising = choose(value >= before, rising, all(0));
      before = value;
    }
    keep(mixture_knots, 1.0 / beyond_slope(g, knot(m, 0)));
    keep(mixture_knots + 1, 1.0 / beyond_slope(g, knot(m, mixture_knots - 1)));
    keep(mixture_knots + 2, rising);
  }
}

// P(g <= x) of components that rise from knot to knot: one u, on the straight line between two knots and mended by one step
// along it, or on the lines beyond them.
static inline V rising_below(const Mixed& m, const double* table, int i, double x) {
  auto row = [&](int k) { return taken(table + size_t(k) * m.n, i, m.n); };
  const double width = knot(m, 1) - knot(m, 0), end = knot(m, mixture_knots - 1);
  V from = all(-end), low = row(0), high = low, now = low;
  for (int k = 1; k < mixture_knots; ++k) {
    const V next = row(k);
    const VI past = now <= x;
    from = choose(past, all(knot(m, k - 1)), from);
    low = choose(past, now, low);
    high = choose(past, next, high);
    now = next;
  }
  const VI above = now <= x, under = row(0) > x;
  const V by = width / largest(high - low, all(1e-300));
  V u = from + (x - low) * by;
  u = largest(from, least(from + width, u + (x - Bent(m, i)(u)) * by));
  u = choose(under, -end + (x - row(0)) * row(mixture_knots), u);
  return short_phi(choose(above, end + (x - now) * row(mixture_knots + 1), u));
}

// The same of components of any course, which cross x between two knots once at most; at_knot : P(u <= knot).
static inline V any_below(const Mixed& m, const double* table, const double* at_knot, int i, double x) {
  auto row = [&](int k) { return taken(table + size_t(k) * m.n, i, m.n); };
  const int last = mixture_knots - 1;
  const double width = knot(m, 1) - knot(m, 0);
  V low = row(0), share = short_phi(least(all(knot(m, 0)), knot(m, 0) + (x - low) * row(mixture_knots)));
  for (int k = 1; k <= last; ++k) {
    const V high = row(k);
    const VI begins = low <= x, ends = high <= x, crosses = begins ^ ends;
    share += choose(begins & ends, all(at_knot[k] - at_knot[k - 1]), all(0));
    if (any(crosses)) {
      const V left = all(knot(m, k - 1)), right = all(knot(m, k)), by = width / choose(crosses, high - low, all(1));
      const V u = left + (x - low) * by, at = least(right, largest(left, u + (x - Bent(m, i)(u)) * by)), below = short_phi(at);
      share += choose(crosses, choose(begins, below - at_knot[k - 1], at_knot[k] - below), all(0));
    }
    low = high;
  }
  const V beyond = all(knot(m, last)) + (x - low) * row(mixture_knots + 1);
  return share + short_phi(largest(all(knot(m, last)), beyond)) - at_knot[last];
}

double mixture_below(const Mixed& m, const double* table, double x) {
  double at_knot[mixture_knots];
  for (int k = 0; k < mixture_knots; ++k) at_knot[k] = 0.5 * std::erfc(-knot(m, k) * 0.70710678118654752440);
  V sum = all(0);
  for (int i = 0; i < m.n; i += lanes) {
    V weight = taken(m.weight, i, m.n);
    for (int k = m.n - i; k < lanes; ++k) weight[k] = 0;
    if (!m.bend) {
      const V mid = taken(m.mid, i, m.n), slope = taken(m.slope, i, m.n);
      const V u = (x - mid) / largest(slope, all(1e-300));
      sum += weight * choose(slope > 0, phi(u), choose(mid <= x, all(1), all(0)));
      continue;
    }
    const VI rising = taken(table + size_t(mixture_knots + 2) * m.n, i, m.n) > 0;
    if (any(rising)) sum += choose(rising, weight, all(0)) * rising_below(m, table, i, x);
    if (any(~rising)) sum += choose(rising, all(0), weight) * any_below(m, table, at_knot, i, x);
  }
  double total = 0;
  for (int lane = 0; lane < lanes; ++lane) total += sum[lane];
  return total;
}

void mixture_at(const Mixed& m, int K, const double* x, double* out) {
  const int groups = (m.n + lanes - 1) / lanes;
  Lanes log_weight, log_p;  // of each component, up to a constant; at one x
  log_weight.resize(groups);
  log_p.resize(groups);
  const double inf = std::numeric_limits<double>::infinity();
  for (int j = 0; j < groups; ++j) {
    log_weight[j] = log_lanes(taken(m.weight, j * lanes, m.n) / taken(m.slope, j * lanes, m.n));
    for (int k = m.n - j * lanes; k < lanes; ++k) log_weight[j][k] = -inf;
  }
  for (int at = 0; at < K; ++at) {
    auto score = [&](int j) { return (x[at] - taken(m.mid, j * lanes, m.n)) / taken(m.slope, j * lanes, m.n); };
    V most = all(-inf), mass = all(0), sum = all(0);
    for (int j = 0; j < groups; ++j) {
      const V u = score(j);
      log_p[j] = log_weight[j] - 0.5 * u * u;
      most = largest(most, log_p[j]);
    }
    double top = -inf;
    for (int k = 0; k < lanes; ++k) top = std::max(top, most[k]);
    for (int j = 0; j < groups; ++j) {
      if (!any(log_p[j] - top > -40.0)) continue;
      const V p = exp_lanes(largest(all(-700), log_p[j] - top));
      mass += p;
      if (!m.bend) {
        sum += p * x[at];
        continue;
      }
      const Bent g(m, j * lanes);
      const V held = largest(all(-m.farthest), least(all(m.farthest), score(j)));
      const V bend = exp_lanes(largest(all(-700), least(all(700), g.b0 + held * (g.b1 + held * g.b2))));
      sum += p * (x[at] * bend + g.r0 + held * (g.r1 + held * g.r2));
    }
    double total = 0, share = 0;
    for (int k = 0; k < lanes; ++k) { total += sum[k]; share += mass[k]; }
    out[at] = total / share;
  }
}

void gain_of_one(const Candidates& c, const Gains& out) {
  const int C = int(c.C), K = int(c.K);
  V x[max_border + 1];
  for (size_t n = 0; n < c.N; ++n) {
    const double *mean = c.mean + n * K, *cov = c.cov + n * K * K;
    for (int at = 0; at < C; at += lanes) {
      const int count = std::min(lanes, C - at);
      const double* row = c.cross + (n * C + at) * K;
      for (int l = 0; l < K; ++l)
        for (int k = 0; k < lanes; ++k) x[l][k] = row[std::min(k, count - 1) * K + l];
      V left = x[0], info = taken(c.own + n * C, at, C);
      for (int l = 1; l < K; ++l) left -= x[l] * mean[l];
      for (int k = 0; k < K; ++k) {
        V beside = all(0);
        for (int l = 0; l < K; ++l) beside += x[l] * cov[l * K + k];
        info -= beside * x[k];
      }
      const V sd = taken(c.sd, at, C), score = left * sd, a = info * sd * sd + 1.0, inverse = 1.0 / a, solved = inverse * score;
      const V ratio = 0.5 * (score * solved - log_lanes(size(a))), coefficient = solved * sd, left_over = inverse * sd * sd;
      for (int k = 0; k < count; ++k) {
        const size_t to = n * C + at + k;
        out.log_ratio[to] = ratio[k];
        out.coefficients[to] = coefficient[k];
        out.cov[to] = left_over[k];
      }
    }
  }
}

void log_density(const Normals& mix, int n, const double* z, double* out) {
  Lanes at, logs;
  at.resize(mix.dim);
  logs.resize(size_t(mix.K) * mix.C);
  for (int i = 0; i < n; i += lanes) {
    for (int b = 0; b < mix.dim; ++b)
      for (int k = 0; k < lanes; ++k) at[b][k] = z[size_t(std::min(i + k, n - 1)) * mix.dim + b];
    V top = all(-std::numeric_limits<double>::infinity());
    for (int j = 0; j < mix.K; ++j) {
      const double *centre = mix.centres + j * mix.dim, *row = mix.unroots + j * mix.dim * mix.dim;
      V square = all(0);
      for (int a = 0; a < mix.dim; ++a, row += mix.dim) {
        V x = all(0);
        for (int b = 0; b <= a; ++b) x += row[b] * (at[b] - centre[b]);
        square += x * x;
      }
      for (int c = 0; c < mix.C; ++c) {
        const V log = mix.constants[j * mix.C + c] - square * (0.5 / (mix.widths[c] * mix.widths[c]));
        logs[j * mix.C + c] = log;
        top = largest(top, log);
      }
    }
    V sum = all(0);
    for (int j = 0; j < mix.K * mix.C; ++j) sum += exp_lanes(largest(logs[j] - top, all(-700)));
    const V density = top + log_lanes(sum);
    for (int k = 0; k < std::min(lanes, n - i); ++k) out[i + k] = density[k];
  }
}

void count_moments(int n, const double* y, const double* mean, const double* var, double noise_var, double* out) {
  for (int i = 0; i < n; ++i) {
    const Tilted g = count_moments_at(y[i], std::lgamma(y[i] + 1), all(mean[i]), all(var[i]), all(noise_var));
    out[3 * i] = g.log_scale[0] + std::log(g.z[0]);
    out[3 * i + 1] = g.d1[0];
    out[3 * i + 2] = g.d2[0];
  }
}

void log_site_ratio(int n, int T, Family family, const double* y, int cuts, const double* cut,
                    const double* noise_var, const double* site_obs, const double* site_var, const double* eta, double* out) {
  const V none = all(0);
  const double inf = std::numeric_limits<double>::infinity();
  double shared = 0;  // what no path changes
  for (int t = 0; t < T; ++t) {
    shared += 0.5 * (log_2pi + std::log(site_var[t]));
    if (family == Family::count) shared -= std::lgamma(y[t] + 1);
  }
  for (int i = 0; i < n; i += lanes) {
    const double* path[lanes];
    for (int k = 0; k < lanes; ++k) path[k] = eta + size_t(std::min(i + k, n - 1)) * T;
    V misfit = all(shared);
    LogSum log_p;
    for (int t = 0; t < T; ++t) {
      V at;
      for (int k = 0; k < lanes; ++k) at[k] = path[k][t];
      const V off = site_obs[t] - at, noise = all(noise_var[t]);
      misfit += 0.5 / site_var[t] * off * off;
      if (family == Family::count) {
        const Tilted g = count_moments_at(y[t], 0, at, none, noise);
        log_p.add(g.log_scale, g.z);
        continue;
      }
      const int category = int(y[t]);
      const double lower = category > 0 ? cut[category - 1] : -inf, upper = category < cuts ? cut[category] : inf;
      const bool first = category == 0, last = category == cuts;
      const V z = first || last ? half_line_moments(all(first ? upper : lower), last, at, none, noise).z
                                : interval_moments(all(lower), all(upper), at, none, noise).z;
      if (!any(~(z > least_mass))) {
        log_p.add(none, z);
        continue;
      }
      Tilted g{none, z, none, none};
      for (int k = 0; k < lanes; ++k)
        if (underflows(z[k])) rescue(lower, upper, at[k], 0, noise_var[t], k, g);
      log_p.add(g.log_scale, g.z);
    }
    const V sum = misfit + log_p.total();
    for (int k = 0; k < std::min(lanes, n - i); ++k) out[i + k] = sum[k];
  }
}

}  // namespace NIGHTDOSE_ARCH
}  // namespace nightdose
