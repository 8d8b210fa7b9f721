#include "llm_mutators/proposers/endpoint.hpp"

namespace llm_mutators {

namespace {

// Servers count in their own ways, but not so differently: one absurd figure must not end a budget.
bool plausible(const net::Usage& usage, std::size_t prompt_bytes, std::int64_t output_tokens) {
  constexpr std::int64_t kTimes = 10, kSpare = 10'000;
  return *usage.input <= kTimes * static_cast<std::int64_t>(prompt_bytes) + kSpare &&
         *usage.output <= kTimes * output_tokens + kSpare;
}

}  // namespace

net::Amount Model::worst(std::size_t prompt_bytes) const {
  const net::Usage usage = net::worst_usage(prompt_bytes, output_tokens);
  return {.money = price ? net::worst_cost(*price, prompt_bytes, output_tokens) : 0,
          .input = *usage.input,
          .output = *usage.output};
}

net::Amount Model::used(std::size_t prompt_bytes, const Reply& reply) const {
  net::Amount sum = reply.lost * worst(prompt_bytes);
  if (reply.usage.known() && plausible(reply.usage, prompt_bytes, output_tokens)) {
    sum += {.money = price ? cost(*price, reply.usage) : 0,
            .input = *reply.usage.input,
            .cached = reply.usage.cached_read.value_or(0),
            .output = *reply.usage.output};
  } else if (is_paid(reply)) {
    sum += worst(prompt_bytes);
  }
  return sum;
}

Endpoint::~Endpoint() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
  for (std::thread& each : threads_) each.join();
}

void Endpoint::submit(std::function<void()> task) {
  const std::scoped_lock lock(mutex_);
  waiting_.push_back(std::move(task));
  const auto most = static_cast<std::size_t>(model_.concurrency);
  if (static_cast<std::size_t>(idle_) < waiting_.size() && threads_.size() < most)
    threads_.emplace_back([this] { work(); });
  changed_.notify_one();
}

void Endpoint::note(const Reply& reply, int most_in_a_row) {
  if (was_had(reply.outcome))
    failures_ = 0;
  else
    failures_ += reply.hopeless ? most_in_a_row : 1;
}

void Endpoint::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    --idle_;
    if (ending_) return;
    const std::function<void()> task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace llm_mutators
