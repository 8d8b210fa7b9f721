// mpi_transport.hpp: bytes between ranks by MPI, as Boost.MPI has it.
// Why:      this folder is all that sees MPI; it becomes evotts_mpi.so, which is loaded under mpirun alone.
// Use:      auto* transport = new MpiTransport();     // by evotts_mpi_transport()
// Promises: see cluster/transport.hpp. MPI's environment lives as long as the object; end() finalizes it.
//           An error of MPI is an exception with its text.
// Threads:  MPI is asked for the funneled level: all calls come from the thread that made the object.
// Tests:    tests/cluster/mpirun_test.cpp
#pragma once

#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/mpi/request.hpp>
#include <list>
#include <memory>

#include "cluster/transport.hpp"

namespace cluster {

class MpiTransport : public Transport {
 public:
  MpiTransport();

  int rank() const override { return world_.rank(); }
  int size() const override { return world_.size(); }
  std::string host() const override;

  void send(int to, Tag tag, std::string bytes) override;
  std::optional<Message> receive() override;
  std::size_t bytes_under_way() override;
  void end() override;
  [[noreturn]] void abort(int code) override;

 private:
  // The bytes stay where they are until they are taken.
  struct UnderWay {
    std::string bytes;
    boost::mpi::request request;
  };

  void forget_sent();

  // An exception that leaves a scope with this in it would lose its text: its destructor aborts the job.
  std::unique_ptr<boost::mpi::environment> environment_;
  boost::mpi::communicator world_;
  std::list<UnderWay> under_way_;
};

}  // namespace cluster
