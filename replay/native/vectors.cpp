#include "replay/native/vectors.hpp"

#include <cmath>

namespace replay {

using genome::Code;
namespace Inst = x86::Inst;
using x86::VCmpImm;

namespace {

VCmpImm relation_of(Code comparison) {
  switch (comparison) {
    case Code::kLess: return VCmpImm::kLT_OQ;
    case Code::kLessEqual: return VCmpImm::kLE_OQ;
    case Code::kGreater: return VCmpImm::kGT_OQ;
    case Code::kGreaterEqual: return VCmpImm::kGE_OQ;
    case Code::kEqual: return VCmpImm::kEQ_OQ;
    default: return VCmpImm::kNEQ_UQ;
  }
}

int number(VCmpImm relation) { return static_cast<int>(relation); }

}  // namespace

Code NativeVectors::scalar_form(Code code) {
  switch (code) {
#define NUMBER1(name, op, function) \
  case Code::kB##name:              \
    return Code::k##name;
#define NUMBER2(name, op, function) NUMBER1(name, op, function)
#define NUMBER3(name, op, function) NUMBER1(name, op, function)
#define COMPARE(name, op, symbol) NUMBER1(name, op, symbol)
#include "genome/program/codes.def"
    default: return code;
  }
}

bool NativeVectors::is_comparison(Code code) {
  switch (code) {
#define COMPARE(name, op, symbol) case Code::k##name:
#include "genome/program/codes.def"
    return true;
    default: return false;
  }
}

bool NativeVectors::knows(Code code) {
  switch (code) {
    case Code::kNegate:
    case Code::kAbs:
    case Code::kFloor:
    case Code::kCeil:
    case Code::kHalfEven:
    case Code::kSqrt:
    case Code::kAdd:
    case Code::kSubtract:
    case Code::kMultiply:
    case Code::kDivide:
    case Code::kMin:
    case Code::kMax:
    case Code::kMix: return true;
    default: return false;
  }
}

x86::Vec NativeVectors::fresh() {
  switch (width_) {
    case Width::kOne: return cc_.newXmmSd();
    case Width::kFour: return cc_.newYmmPd();
    default: return cc_.newZmmPd();
  }
}

x86::Vec NativeVectors::constant(double x) {
  if (x == 0 && !std::signbit(x)) {
    const x86::Vec zero = fresh();
    cc_.vxorpd(zero.xmm(), zero.xmm(), zero.xmm());  // clears all of it
    return zero;
  }
  return load_spread(cc_.newDoubleConst(asmjit::ConstPoolScope::kLocal, x));
}

x86::Vec NativeVectors::spread(const x86::Vec& one) {
  const x86::Vec all = fresh();
  cc_.vbroadcastsd(all, one.xmm());
  return all;
}

x86::Vec NativeVectors::load(const x86::Mem& from) {
  const x86::Vec x = fresh();
  cc_.emit(width_ == Width::kOne ? Inst::kIdVmovsd : Inst::kIdVmovapd, x, from);
  return x;
}

x86::Vec NativeVectors::load_spread(const x86::Mem& from) {
  if (width_ == Width::kOne) return load(from);
  const x86::Vec x = fresh();
  cc_.vbroadcastsd(x, from);
  return x;
}

void NativeVectors::store(const x86::Mem& to, const x86::Vec& x) {
  cc_.emit(width_ == Width::kOne ? Inst::kIdVmovsd : Inst::kIdVmovapd, to, x);
}

void NativeVectors::copy(const x86::Vec& to, const x86::Vec& x) { cc_.vmovapd(to, x); }

x86::Vec NativeVectors::two(Inst::Id one, Inst::Id many, const x86::Vec& a, const x86::Vec& b) {
  const x86::Vec result = fresh();
  cc_.emit(width_ == Width::kOne ? one : many, result, a, b);
  return result;
}

x86::Vec NativeVectors::add(const x86::Vec& a, const x86::Vec& b) {
  return two(Inst::kIdVaddsd, Inst::kIdVaddpd, a, b);
}
x86::Vec NativeVectors::subtract(const x86::Vec& a, const x86::Vec& b) {
  return two(Inst::kIdVsubsd, Inst::kIdVsubpd, a, b);
}
x86::Vec NativeVectors::multiply(const x86::Vec& a, const x86::Vec& b) {
  return two(Inst::kIdVmulsd, Inst::kIdVmulpd, a, b);
}

x86::Vec NativeVectors::to_whole(const x86::Vec& x, x86::RoundImm mode) {
  const int how = static_cast<int>(mode) | static_cast<int>(x86::RoundImm::kSuppress);
  const x86::Vec result = fresh();
  switch (width_) {
    case Width::kOne: cc_.vroundsd(result.xmm(), x.xmm(), x.xmm(), how); break;
    case Width::kFour: cc_.vroundpd(result, x, how); break;
    case Width::kEight: cc_.vrndscalepd(result, x, how); break;
  }
  return result;
}

x86::Vec NativeVectors::keep_where(const x86::Vec& x, const x86::Vec& a, VCmpImm relation,
                                   const x86::Vec& b) {
  const x86::Vec result = fresh();
  if (width_ == Width::kEight) {
    const x86::KReg truths = cc_.newKb();
    cc_.vcmppd(truths, a, b, number(relation));
    cc_.k(truths).z().vmovapd(result, x);
  } else {
    cc_.emit(width_ == Width::kOne ? Inst::kIdVcmpsd : Inst::kIdVcmppd, result, a, b, number(relation));
    cc_.vandpd(result, result, x);
  }
  return result;
}

x86::Vec NativeVectors::number_or_zero(const x86::Vec& x) { return keep_where(x, x, VCmpImm::kORD_Q, x); }

x86::Vec NativeVectors::apply(Code code, const x86::Vec& a, const x86::Vec& b, const x86::Vec& c) {
  switch (code) {
    case Code::kNegate: return two(Inst::kIdVxorpd, Inst::kIdVxorpd, a, constant(-0.0));
    case Code::kAbs: {
      const x86::Vec result = fresh();
      cc_.vandnpd(result, constant(-0.0), a);
      return result;
    }
    case Code::kFloor: return to_whole(a, x86::RoundImm::kDown);
    case Code::kCeil: return to_whole(a, x86::RoundImm::kUp);
    case Code::kHalfEven: return to_whole(a, x86::RoundImm::kCurrent);
    case Code::kSqrt: {
      const x86::Vec root = fresh();
      if (width_ == Width::kOne)
        cc_.vsqrtsd(root.xmm(), a.xmm(), a.xmm());
      else
        cc_.vsqrtpd(root, a);
      return keep_where(root, a, VCmpImm::kGT_OQ, constant(0));
    }
    case Code::kAdd: return number_or_zero(add(a, b));
    case Code::kSubtract: return number_or_zero(subtract(a, b));
    case Code::kMultiply: return number_or_zero(multiply(a, b));
    case Code::kDivide: {
      const x86::Vec result = number_or_zero(two(Inst::kIdVdivsd, Inst::kIdVdivpd, a, b));
      return keep_where(result, b, VCmpImm::kNEQ_UQ, constant(0));
    }
    // Of two operands that compare equal the processor takes the second, so does genome::smaller its first.
    case Code::kMin: return two(Inst::kIdVminsd, Inst::kIdVminpd, b, a);
    case Code::kMax: return two(Inst::kIdVmaxsd, Inst::kIdVmaxpd, b, a);
    default:  // kMix
      return number_or_zero(add(multiply(subtract(constant(1), c), a), multiply(c, b)));
  }
}

x86::Reg NativeVectors::compare(Code code, const x86::Vec& a, const x86::Vec& b) {
  if (width_ == Width::kEight) {
    const x86::KReg truths = cc_.newKb();
    cc_.vcmppd(truths, a, b, number(relation_of(code)));
    return truths;
  }
  const x86::Vec truths = fresh();
  cc_.emit(width_ == Width::kOne ? Inst::kIdVcmpsd : Inst::kIdVcmppd, truths, a, b,
           number(relation_of(code)));
  return truths;
}

x86::Vec NativeVectors::pick(const x86::Reg& truths, const x86::Vec& x, const x86::Vec& y) {
  const x86::Vec result = fresh();
  if (width_ == Width::kEight)
    cc_.k(truths.as<x86::KReg>()).vblendmpd(result, y, x);
  else
    cc_.vblendvpd(result, y, x, truths.as<x86::Vec>());
  return result;
}

}  // namespace replay
