#include "cluster/mpi/mpi_transport.hpp"

#include <boost/mpi/exception.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "cluster/patience.hpp"
#include "cluster/plugin.hpp"

namespace cluster {
namespace {

namespace mpi = boost::mpi;

// A failure of MPI, in words.
template <typename Call>
auto told(const char* what, Call call) {
  try {
    return call();
  } catch (const mpi::exception& error) {
    throw TransportError(fmt::format("MPI: {} failed: {}", what, error.what()));
  }
}

}  // namespace

MpiTransport::MpiTransport()
    : environment_(
          std::make_unique<mpi::environment>(mpi::threading::funneled, /*abort_on_exception=*/false)) {}

std::string MpiTransport::host() const { return mpi::environment::processor_name(); }

void MpiTransport::send(int to, Tag tag, std::string bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw TransportError("MPI: a message is longer than 2 GiB");
  forget_sent();
  UnderWay& sent = under_way_.emplace_back(UnderWay{std::move(bytes), {}});
  told("sending", [&] {
    sent.request =
        world_.isend(to, static_cast<int>(tag), sent.bytes.data(), static_cast<int>(sent.bytes.size()));
  });
}

void MpiTransport::forget_sent() {
  told("sending",
       [&] { std::erase_if(under_way_, [](UnderWay& each) { return each.request.test().has_value(); }); });
}

std::size_t MpiTransport::bytes_under_way() {
  forget_sent();
  std::size_t bytes = 0;
  for (const UnderWay& each : under_way_) bytes += each.bytes.size();
  return bytes;
}

std::optional<Message> MpiTransport::receive() {
  return told("receiving", [&]() -> std::optional<Message> {
    const auto status = world_.iprobe();
    if (!status) return std::nullopt;
    if (status->tag() < 0 || status->tag() >= kTags)
      throw TransportError("a message of an unknown kind came");
    Message message{status->source(), static_cast<Tag>(status->tag()), {}};
    message.bytes.resize(static_cast<std::size_t>(status->count<char>().value_or(0)));
    world_.recv(message.from, status->tag(), message.bytes.data(), static_cast<int>(message.bytes.size()));
    return message;
  });
}

void MpiTransport::end() {
  for (Patience patience; bytes_under_way() > 0 || !under_way_.empty();) patience.wait();
  told("the end", [&] { environment_.reset(); });
}

void MpiTransport::abort(int code) {
  mpi::environment::abort(code);
  std::_Exit(code);
}

}  // namespace cluster

// What the program looks for.
extern "C" {

[[gnu::visibility("default")]] const char* evotts_mpi_version() { return cluster::plugin_version(); }

[[gnu::visibility("default")]] cluster::Transport* evotts_mpi_transport() {
  return new cluster::MpiTransport();
}

}  // extern "C"
