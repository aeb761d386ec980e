// The model of src/nightdose/inference/components.py for ratings and ordered categories: a normal variable of which only
// the category is seen, open at both ends. The hidden values of the recorded days are sampled inside their categories;
// given them level and spell are integrated out day by day (Kalman). No approximation, nothing of the engine's
// expectation propagation.
functions {
  // filtered moments after each day, (m1, m2, v11, v12, v22, log density) a row; off = hidden value minus regression
  matrix filter(vector off, int[] seen, real level_sd, real ar_sd, real phi, real noise_sd) {
    int T = rows(off);
    matrix[T, 6] out;
    real q_level = square(level_sd);
    real q_spell = square(ar_sd) * (1 - square(phi));
    real m1 = 0;
    real m2 = 0;
    real v11 = q_level;
    real v12 = 0;
    real v22 = square(ar_sd);
    for (t in 1:T) {
      real density = 0;
      if (t > 1) {
        m2 = phi * m2;
        v11 = v11 + q_level;
        v12 = phi * v12;
        v22 = square(phi) * v22 + q_spell;
      }
      if (seen[t]) {
        real s = v11 + 2 * v12 + v22 + square(noise_sd);
        real gap = off[t] - m1 - m2;
        real g1 = v11 + v12;
        real g2 = v12 + v22;
        density = -0.5 * (log(s) + square(gap) / s);
        m1 = m1 + g1 * gap / s;
        m2 = m2 + g2 * gap / s;
        v11 = v11 - square(g1) / s;
        v12 = v12 - g1 * g2 / s;
        v22 = v22 - square(g2) / s;
      }
      out[t, 1] = m1;
      out[t, 2] = m2;
      out[t, 3] = v11;
      out[t, 4] = v12;
      out[t, 5] = v22;
      out[t, 6] = density;
    }
    return out;
  }
  // one draw of level + spell for every day, backwards from the last one
  vector path_rng(matrix f, real level_sd, real ar_sd, real phi) {
    int T = rows(f);
    vector[T] path;
    vector[2] state;
    matrix[2, 2] A = [[1, 0], [0, phi]];
    matrix[2, 2] Q = [[square(level_sd), 0], [0, square(ar_sd) * (1 - square(phi))]];
    for (k in 1:T) {
      int t = T + 1 - k;
      vector[2] m = [f[t, 1], f[t, 2]]';
      matrix[2, 2] V = [[f[t, 3], f[t, 4]], [f[t, 4], f[t, 5]]];
      if (k > 1) {
        matrix[2, 2] ahead = A * V * A' + Q;
        matrix[2, 2] G = V * A' / ahead;
        m = m + G * (state - A * m);
        V = V - G * ahead * G';
      }
      V = 0.5 * (V + V') + diag_matrix(rep_vector(1e-10, 2));
      state = multi_normal_rng(m, V);
      path[t] = sum(state);
    }
    return path;
  }
  real expected(real eta, vector cut, vector worth, real sd) {
    real total = worth[1];
    for (k in 1:rows(cut)) total += (worth[k + 1] - worth[k]) * Phi((eta - cut[k]) / sd);
    return total;
  }
}
data {
  int<lower=1> T;
  int<lower=1> F;
  int<lower=1> J;
  int<lower=0, upper=1> seen[T];
  int y[T];                    // category from 1
  int<lower=1> C;
  vector[C] cuts;              // cutpoints between the categories
  int<lower=0, upper=1> free;  // 1 = the inner ones are unknown, uniform order statistics between the outer two
  vector[C + 1] worth;         // outcome that a category stands for
  matrix[T, F] X;
  matrix[T, J] dose;
  vector[J] start;
  vector[J] tau_median;
  vector[J] tau_sdlog;
  vector[F + J] sd_b;
  real level_scale;
  int n_on;
  int on[n_on];
  real noise_fixed;            // 0 = unknown
}
transformed data {
  int gaps = free && C > 2 ? C - 1 : 1;
}
parameters {
  real<lower=0> level_sd;
  real<lower=0> ar_sd;
  real<lower=0> noise_free;
  real<lower=0, upper=1> phi;
  simplex[gaps] gap;
  vector[J] tau_z;
  vector[F + J] b;
  vector[T] inside;            // where in its step a day's hidden value lies; standard normal on days without one
}
transformed parameters {
  vector[J] tau = tau_median .* exp(tau_sdlog .* tau_z);
  matrix[T, J] x;
  vector[T] hidden = rep_vector(0, T);
  real jacobian = 0;
  real noise_sd = noise_fixed > 0 ? noise_fixed : noise_free;
  vector[C] cut = cuts;
  if (gaps > 1) for (k in 2:(C - 1)) cut[k] = cut[k - 1] + gap[k - 1] * (cuts[C] - cuts[1]);
  for (j in 1:J) {
    real keep = exp(-1 / tau[j]);
    real e = start[j];
    for (t in 1:T) {
      e = dose[t, j] + keep * (e - dose[t, j]);
      x[t, j] = e;
    }
  }
  for (t in 1:T) {
    if (seen[t]) {
      if (y[t] == 1) {
        hidden[t] = cut[1] - exp(inside[t]);
        jacobian += inside[t];
      } else if (y[t] == C + 1) {
        hidden[t] = cut[C] + exp(inside[t]);
        jacobian += inside[t];
      } else {
        real u = inv_logit(inside[t]);
        real width = cut[y[t]] - cut[y[t] - 1];
        hidden[t] = cut[y[t] - 1] + width * u;
        jacobian += log(width) + log(u) + log1m(u);
      }
    }
  }
}
model {
  level_sd ~ normal(0, level_scale);
  ar_sd ~ normal(0, 1);
  noise_free ~ normal(0, 1);
  phi ~ beta(2, 2);
  tau_z ~ std_normal();
  b ~ normal(0, sd_b);
  for (t in 1:T) if (seen[t] == 0) inside[t] ~ std_normal();
  target += jacobian;
  target += sum(col(filter(hidden - X * head(b, F) - x * tail(b, J), seen, level_sd, ar_sd, phi, noise_sd), 6));
}
generated quantities {
  real effect = 0;
  real log_level_sd = log(level_sd);
  real log_ar_sd = log(ar_sd);
  real log_noise_sd = log(noise_sd);
  vector[J] log_tau = log(tau);
  {
    vector[T] fixed = X * head(b, F) + x * tail(b, J);
    vector[T] eta = fixed + path_rng(filter(hidden - fixed, seen, level_sd, ar_sd, phi, noise_sd), level_sd, ar_sd, phi);
    for (i in 1:n_on) {
      real without = eta[on[i]] - x[on[i], 1] * b[F + 1];
      effect += (expected(eta[on[i]], cut, worth, noise_sd) - expected(without, cut, worth, noise_sd)) / n_on;
    }
  }
}
