// Expectation propagation (Minka 2001): each recorded category or count is a Gaussian site.
//
// With M = (Sigma + Z D^-1 Z')^-1 the leave-one-out predictive of a day is its cavity:
//   cavity mean = y_t - (M (y - Z m0))_t / M_tt,    cavity var = 1 / M_tt - R_t
// Tilted moments are closed forms for categories and a Gauss-Hermite sum for counts (special.hpp).
#pragma once

#include "filter.hpp"

namespace nightdose {
namespace NIGHTDOSE_ARCH {
namespace {

const double largest_site_var = 1e6;  // a site that says nothing; outcomes are standardised

// Rows of M (y - Z m0) and the diagonal of M at every seen day.
inline void leave_one_out(const Diary& d, const Theta& th, Workspace& w, const Border* border) {
  const BorderLanes b(border, w.K - 1);
  for_columns(w.K, [&](auto columns) {
    const int P = columns - 1;
    backward_over(columns, d, th, w, [&](int t, const V* u, V diag) {
      V full = u[0];
      for (int i = 0; i < P; ++i) full -= u[1 + i] * b.mean[i];
      w.u_full[t] = full;
      w.m_diag[t] = diag - b.spread(u + 1, P);
    }, [](int, const auto&) {});
  });
}

inline V day_noise(const Diary& d, V noise_var, int t) { return d.spread ? d.spread[t] * noise_var : noise_var; }

// The cavity of day t in every lane.
struct Cavity { V total, mean, var; };

inline Cavity cavity(const Workspace& w, int t) {
  const V total = 1.0 / w.m_diag[t];
  return {total, w.obs[t] - w.u_full[t] * total, largest(total - w.obs_var[t], 1e-10 * total)};
}

// Tilted moments of day t.
inline Tilted tilted(const Diary& d, const Workspace& w, int t, const Cavity& c, V noise) {
  const V noise_var = day_noise(d, noise, t);
  if (d.family == Family::count) return count_moments_at(d.y[t], w.log_factorial[t][0], c.mean, c.var, noise_var);
  const int category = int(d.y[t]);
  const V lower = w.cut[category], upper = w.cut[category + 1];
  const bool first = category == 0, last = category == d.cuts;
  Tilted g = first || last ? half_line_moments(first ? upper : lower, last, c.mean, c.var, noise_var)
                           : interval_moments(lower, upper, c.mean, c.var, noise_var);
  if (any(~(g.z > least_mass)))
    for (int k = 0; k < lanes; ++k)
      if (underflows(g.z[k])) rescue(lower[k], upper[k], c.mean[k], c.var[k], noise_var[k], k, g);
  return g;
}

// One round: the sum over days of the squared changes of sites in each lane, and what the sites before the round stand for,
//   log Z of expectation propagation = Gaussian evidence of the pseudo-outcomes + correction.
struct Round { V change, correction; };

constexpr int together = 16;  // days a stage of a round takes at once: one day's divisions wait for no other's

// One round of expectation propagation over all days; lanes that are done keep their sites.
inline Round update_sites(const Diary& d, Workspace& w, const bool* done, V noise_var) {
  V moved = all(0), misfit = all(0);
  LogSum log_z, log_total;
  VI open;
  for (int k = 0; k < lanes; ++k) open[k] = done[k] ? 0 : -1;
  int day[together];
  Cavity cavities[together];
  Tilted moments[together];
  for (int next = 0; next < d.T;) {
    int days = 0;
    for (; next < d.T && days < together; ++next)
      if (d.seen[next]) day[days++] = next;
    for (int i = 0; i < days; ++i) cavities[i] = cavity(w, day[i]);
    for (int i = 0; i < days; ++i) moments[i] = tilted(d, w, day[i], cavities[i], noise_var);
    for (int i = 0; i < days; ++i) {
      const int t = day[i];
      const Cavity& c = cavities[i];
      const Tilted& g = moments[i];
      const V u = w.u_full[t];
      misfit += u * u * c.total;
      log_z.add(g.log_scale, g.z);
      log_total.add(all(0), c.total);
      // 1 / curvature of log Z, held where the site would say next to nothing
      const V most_flat = largest_site_var + c.var;
      const VI bent = -g.d2 * most_flat > 1.0;
      const V flat = choose(bent, -1.0 / choose(bent, g.d2, all(-1)), most_flat);
      const V r_old = w.obs_var[t], r_new = largest(flat - c.var, all(1e-8)), y_new = c.mean + g.d1 * flat;
      const V both = 1.0 / (r_old * r_new), prec = both * r_old, old = both * r_new;
      // squared, in units of the cavity: precision against 1 / var, shift against 1 / sd
      const V by_prec = (prec - old) * c.var, by_shift = y_new * prec - w.obs[t] * old - c.mean * (prec - old);
      moved += by_prec * by_prec + by_shift * by_shift * c.var;
      w.obs_var[t] = choose(open, r_new, r_old);
      w.obs[t] = choose(open, y_new, w.obs[t]);
    }
  }
  return {moved, log_z.total() + 0.5 * (log_total.total() + misfit)};
}

// Outcomes and variances to start from: the Gaussian outcome itself, sites that were found before, or a first guess.
inline void first_sites(const Diary& d, const Points& pt, Workspace& w, V noise, int first, int count) {
  if (pt.site_obs) {
    for (int t = 0; t < d.T; ++t)
      for (int k = 0; k < lanes; ++k) {
        const size_t at = size_t(pt.in_turn(first + std::min(k, count - 1))) * d.T + t;
        w.obs[t][k] = pt.site_obs[at];
        w.obs_var[t][k] = pt.site_var[at];
      }
    return;
  }
  if (d.family == Family::category) {
    w.cut[0] = all(-open_end);
    w.cut[d.cuts + 1] = all(open_end);
    for (int c = 0; c < d.cuts; ++c)
      for (int k = 0; k < lanes; ++k) w.cut[c + 1][k] = pt.cut[size_t(pt.in_turn(first + std::min(k, count - 1))) * d.cuts + c];
  }
  for (int t = 0; t < d.T; ++t) {
    const V noise_var = day_noise(d, noise, t);
    w.obs[t] = all(d.y[t]);
    w.obs_var[t] = noise_var + d.rounding_var;
    if (!d.seen[t] || d.family == Family::gaussian) continue;
    if (d.start_obs) {
      w.obs[t] = all(d.start_obs[t]);
      w.obs_var[t] = noise_var + d.start_beyond[t];
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

}  // namespace
}  // namespace NIGHTDOSE_ARCH
}  // namespace nightdose
