// Several numbers a register: `lanes` doubles, element by element. A lane never sees its neighbours, so that a result
// depends on no other point or person in the same register.
#pragma once

#include <cmath>
#include <cstddef>
#include <new>
#ifdef __AVX2__
#include <immintrin.h>
#endif

#ifndef NIGHTDOSE_ARCH
#define NIGHTDOSE_ARCH base
#endif

namespace nightdose {
namespace NIGHTDOSE_ARCH {

#ifdef __AVX512F__
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif
typedef double V __attribute__((vector_size(8 * lanes)));
typedef long long VI __attribute__((vector_size(8 * lanes)));

inline V all(double x) { return V{} + x; }
inline V choose(VI mask, V yes, V no) { return (V)((mask & (VI)yes) | (~mask & (VI)no)); }
inline V largest(V a, V b) { return choose(a > b, a, b); }
inline V least(V a, V b) { return choose(a < b, a, b); }

inline V root(V x) {
  for (int k = 0; k < lanes; ++k) x[k] = std::sqrt(x[k]);
  return x;
}

inline bool any(VI mask) {
#ifdef __AVX512F__
  return _mm512_test_epi64_mask((__m512i)mask, (__m512i)mask) != 0;
#elif defined(__AVX2__)
  return _mm256_movemask_pd((__m256d)mask) != 0;
#else
  long long held = 0;
  for (int k = 0; k < lanes; ++k) held |= mask[k];
  return held != 0;
#endif
}

// c_0 + c_1 x + ... in four chains side by side, which a processor works on at once.
template <int n>
inline V polynomial(const double (&c)[n], V x) {
  static_assert(n >= 4);
  const V x2 = x * x, x4 = x2 * x2;
  V chain[4];
  for (int r = 0; r < 4; ++r) {
    int i = n - 1 - (n - 1 - r) % 4;
    chain[r] = all(c[i]);
    for (i -= 4; i >= 0; i -= 4) chain[r] = chain[r] * x4 + c[i];
  }
  return (chain[0] + x * chain[1]) + x2 * (chain[2] + x * chain[3]);
}

// log(x) = e log 2 + 2 atanh(f) with x = 2^e m, f = (m - 1) / (m + 1), m within sqrt(1/2) .. sqrt(2)
inline V log_lanes(V x) {
  static const double odd[] = {2.0, 2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
  const VI bits = (VI)x, above = bits - 0x3fe6a09e667f3bcd;  // the bits of sqrt(1/2)
  const VI shifted = above >> 52;
  const V m = (V)(bits - (shifted << 52)), f = (m - 1.0) / (m + 1.0);
  const V e = (V)(shifted + 0x4338000000000000) - 6755399441055744.0;
  V out = e * 6.93147180369123816490e-01 + (f * polynomial(odd, f * f) + e * 1.90821492927058770002e-10);
  if (any(~((x >= 2.3e-308) & (x <= 1.7e308))))  // nought, infinity, what is not a number
    for (int k = 0; k < lanes; ++k) out[k] = std::log(x[k]);
  return out;
}

// exp(x) for |x| < 708: 2^n exp(r) with |r| <= ln 2 / 2 and these terms of the Taylor series.
template <int n_terms>
inline V exp_by(const double (&inverse_factorial)[n_terms], V x) {
  const V magic = all(6755399441055744.0);  // 1.5 * 2^52: its sum with an integer holds that integer in the low bits
  const V shifted = x * 1.4426950408889634074 + magic, n = shifted - magic;
  const V r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
  return (V)((VI)polynomial(inverse_factorial, r) + ((VI)shifted << 52));
}

// Of degree 13: to the last digit.
inline V exp_lanes(V x) {
  static const double inverse_factorial[] = {1.0,        1.0,         0.5,          1.0 / 6,       1.0 / 24,
                                             1.0 / 120,  1.0 / 720,   1.0 / 5040,   1.0 / 40320,   1.0 / 362880,
                                             1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  return exp_by(inverse_factorial, x);
}

// A plain aligned array. std::vector<V> would be one symbol for both processor variants, and the linker keeps only one.
class Lanes {
 public:
  Lanes() = default;
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;
  ~Lanes() { ::operator delete(at_, std::align_val_t(alignof(V))); }
  void resize(size_t n) {
    ::operator delete(at_, std::align_val_t(alignof(V)));
    at_ = static_cast<V*>(::operator new(n * sizeof(V), std::align_val_t(alignof(V))));
    for (size_t i = 0; i < n; ++i) at_[i] = all(0);
  }
  V& operator[](size_t i) { return at_[i]; }
  const V& operator[](size_t i) const { return at_[i]; }

 private:
  V* at_ = nullptr;
};

}  // namespace NIGHTDOSE_ARCH
}  // namespace nightdose
