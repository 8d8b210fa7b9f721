#include <evotts/program.hpp>
#include <vector>

#include "api/data.hpp"
#include "genome/program/compiler.hpp"

namespace evotts {
namespace {

std::shared_ptr<const detail::ProgramData> compiled(const Controller& controller) {
  genome::Program program = genome::compile(detail::Access::of(controller).checked);
  replay::NativeProgram native(program);
  std::vector<genome::AnswerReads> reads = genome::answer_reads(program);
  return std::make_shared<const detail::ProgramData>(
      detail::ProgramData{controller, std::move(program), std::move(native), std::move(reads)});
}

}  // namespace

Program::Program(const Controller& controller) : data_(compiled(controller)) {}

const Controller& Program::controller() const { return data_->controller; }
int Program::rounds() const { return data_->program.rounds; }
bool Program::is_native() const { return data_->native.is_translated(); }
std::string Program::listing() const { return genome::dump(data_->program); }

}  // namespace evotts
