// How wide the registers of this processor are that its system keeps. Asked by hand: __builtin_cpu_supports needs a symbol of
// compiler-rt (__cpu_model) that clang-cl does not link on Windows (llvm/llvm-project#144630).
#pragma once

namespace nightdose {

enum class Width { base, avx2, avx512 };

inline Width widest() {
#ifdef NIGHTDOSE_HAS_WIDE
  static const Width found = [] {
    unsigned a, b, c, d;
    const auto ask = [&](unsigned leaf) { __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(leaf), "c"(0)); };
    ask(0);
    if (a < 7) return Width::base;
    ask(1);
    const unsigned fma_osxsave_avx = 1u << 12 | 1u << 27 | 1u << 28;
    if ((c & fma_osxsave_avx) != fma_osxsave_avx) return Width::base;
    ask(7);
    const unsigned features = b, avx2 = 1u << 5, avx512_f_dq_vl = 1u << 16 | 1u << 17 | 1u << 31;
    __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    if (!(features & avx2) || (a & 0x06) != 0x06) return Width::base;  // the system keeps the wide registers
    return (features & avx512_f_dq_vl) == avx512_f_dq_vl && (a & 0xe6) == 0xe6 ? Width::avx512 : Width::avx2;
  }();
  return found;
#else
  return Width::base;
#endif
}

}  // namespace nightdose
