// descriptor.hpp: a file descriptor that is closed when its owner goes.
// Why:      pipes and files are left in many ways, and none of them may leak.
// Use:      Descriptor file(::open(path, O_RDONLY | O_CLOEXEC));   if (!file.open()) ...
// Promises: closed exactly once.
// Threads:  one thread an object.
#pragma once

#include <unistd.h>
#include <utility>

namespace genome::base {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  int number() const { return number_; }  // -1 when closed
  bool open() const { return number_ >= 0; }
  int release() { return std::exchange(number_, -1); }  // the caller closes it
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

}  // namespace genome::base
