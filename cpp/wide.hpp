// Whether this processor and its system run AVX2 and FMA. Asked by hand: __builtin_cpu_supports needs a symbol of
// compiler-rt (__cpu_model) that clang-cl does not link on Windows (llvm/llvm-project#144630).
#pragma once

namespace nightdose {

inline bool wide() {
#ifdef NIGHTDOSE_HAS_AVX2
  static const bool has = [] {
    unsigned a, b, c, d;
    const auto ask = [&](unsigned leaf) { __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(leaf), "c"(0)); };
    ask(0);
    if (a < 7) return false;
    ask(1);
    const unsigned fma_osxsave_avx = 1u << 12 | 1u << 27 | 1u << 28;
    if ((c & fma_osxsave_avx) != fma_osxsave_avx) return false;
    ask(7);
    if (!(b & 1u << 5)) return false;  // AVX2
    __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    return (a & 6) == 6;  // the system keeps the wide registers
  }();
  return has;
#else
  return false;
#endif
}

}  // namespace nightdose
