// Several numbers a register: `lanes` doubles, element by element. A lane never sees its neighbours, so that a result
// depends on no other point or person in the same register.
#pragma once

#include <cmath>
#include <cstddef>
#include <new>

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

inline V log_lanes(V x) {
  for (int k = 0; k < lanes; ++k) x[k] = std::log(x[k]);
  return x;
}

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
