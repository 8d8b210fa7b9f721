#include "net/http_loop.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <curl/curl.h>
#include <map>
#include <mutex>
#include <optional>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "genome/base/check.hpp"
#include "genome/base/descriptor.hpp"
#include "net/http_transfer.hpp"

namespace net {
namespace {

using Clock = std::chrono::steady_clock;
using Result = HttpResponse::Result;

constexpr double kLongestWait = 86'400;  // seconds: what is added to the clock must not overflow it

Clock::time_point moment_in(double seconds) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(
                            std::chrono::duration<double>(std::clamp(seconds, 0.0, kLongestWait)));
}

struct FreeMulti {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};

}  // namespace

// What the loop's thread has to itself, but for the commands that come from others.
class HttpLoop::Thread {
 public:
  explicit Thread(std::size_t most) : most_(most) {
    start_curl();
    multi_.reset(curl_multi_init());
    epoll_ = genome::base::Descriptor(::epoll_create1(EPOLL_CLOEXEC));
    wake_ = genome::base::Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    EVOTTS_CHECK(multi_ && epoll_.open() && wake_.open());
    epoll_event event{.events = EPOLLIN, .data = {.fd = wake_.number()}};
    EVOTTS_CHECK(::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, wake_.number(), &event) == 0);
    set(CURLMOPT_SOCKETFUNCTION, &Thread::watch_socket);
    set(CURLMOPT_SOCKETDATA, this);
    set(CURLMOPT_TIMERFUNCTION, &Thread::set_timer);
    set(CURLMOPT_TIMERDATA, this);
    set(CURLMOPT_PIPELINING, long{CURLPIPE_NOTHING});
    keep_connections();
    thread_ = std::thread([this] { run(); });
  }

  ~Thread() {
    {
      const std::scoped_lock lock(mutex_);
      ending_ = true;
    }
    wake();
    thread_.join();
  }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  Ticket start(HttpRequest request, Done done) {
    return command([&](Commands& to, Ticket ticket) {
      to.starts.push_back({ticket, {std::move(request), std::move(done)}});
    });
  }

  Ticket after(double seconds, Task task) {
    return command([&, due = moment_in(seconds)](Commands& to, Ticket ticket) {
      to.tasks.push_back({ticket, {due, std::move(task)}});
    });
  }

  void cancel(Ticket ticket) {
    command([&](Commands& to, Ticket) { to.cancelled.push_back(ticket); });
  }

  void limit(std::size_t most) {
    command([&](Commands& to, Ticket) { to.most = most; });
  }

  Load load() const { return {at_work_count_, waiting_count_}; }

 private:
  struct Waiting {
    HttpRequest request;
    Done done;
  };
  struct AtWork {
    std::unique_ptr<HttpTransfer> transfer;
    Done done;
    Clock::time_point deadline;
  };
  struct Timed {
    Clock::time_point due;
    Task task;
  };
  struct Commands {
    std::vector<std::pair<Ticket, Waiting>> starts;
    std::vector<std::pair<Ticket, Timed>> tasks;
    std::vector<Ticket> cancelled;
    std::optional<std::size_t> most;
    bool empty() const { return starts.empty() && tasks.empty() && cancelled.empty() && !most; }
  };
  using Moments = std::multimap<Clock::time_point, Ticket>;

  template <typename T>
  void set(CURLMoption option, T value) {
    EVOTTS_CHECK(curl_multi_setopt(multi_.get(), option, value) == CURLM_OK);
  }

  // Idle ones besides those at work are of no use.
  void keep_connections() { set(CURLMOPT_MAXCONNECTS, static_cast<long>(std::clamp(most_, 1UL, 65'536UL))); }

  template <typename Add>
  Ticket command(Add add) {
    Ticket ticket = 0;
    bool first = false;
    {
      const std::scoped_lock lock(mutex_);
      first = commands_.empty();
      ticket = ++last_ticket_;
      add(commands_, ticket);
      waiting_count_ = waiting_.size() + commands_.starts.size();
    }
    if (first) wake();
    return ticket;
  }

  void wake() {
    const std::uint64_t one = 1;
    while (::write(wake_.number(), &one, sizeof one) < 0 && errno == EINTR) {
    }
  }

  void run() {
    while (take_commands()) {
      run_tasks();
      end_late_ones();
      begin_waiting();
      wait_for_events();
      collect();
    }
    end_all();
  }

  // False when the loop is to end.
  bool take_commands() {
    Commands commands;
    bool ending = false;
    {
      const std::scoped_lock lock(mutex_);
      std::swap(commands, commands_);
      ending = ending_;
      for (auto& [ticket, each] : commands.starts) waiting_.emplace(ticket, std::move(each));
      waiting_count_ = waiting_.size();
    }
    for (auto& [ticket, each] : commands.tasks) {
      moments_.emplace(each.due, ticket);
      tasks_.emplace(ticket, std::move(each));
    }
    if (commands.most) {
      most_ = *commands.most;
      keep_connections();
    }
    for (const Ticket ticket : commands.cancelled) stop(ticket);
    return !ending;
  }

  void stop(Ticket ticket) {
    if (at_work_.contains(ticket)) {
      finish(ticket, [](HttpTransfer& transfer) { return transfer.ended(Result::kStopped, "cancelled"); });
    } else if (const auto found = waiting_.find(ticket); found != waiting_.end()) {
      const Done done = std::move(found->second.done);
      waiting_.erase(found);
      done({.result = Result::kStopped, .error = "cancelled before it was sent"});
    } else {
      tasks_.erase(ticket);  // its moment will find nothing
    }
  }

  void run_tasks() {
    const auto now = Clock::now();
    while (!moments_.empty() && moments_.begin()->first <= now) {
      const Ticket ticket = moments_.begin()->second;
      moments_.erase(moments_.begin());
      auto found = tasks_.extract(ticket);
      if (!found.empty()) found.mapped().task();
    }
  }

  void end_late_ones() {
    const auto now = Clock::now();
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
      const Ticket ticket = deadlines_.begin()->second;
      finish(ticket, [](HttpTransfer& transfer) { return transfer.timed_out(); });
    }
  }

  void begin_waiting() {
    while (!waiting_.empty() && at_work_.size() < most_) {
      auto next = waiting_.extract(waiting_.begin());
      begin(next.key(), std::move(next.mapped()));
    }
    count_load();
  }

  void begin(Ticket ticket, Waiting waiting) {
    const auto deadline = moment_in(waiting.request.seconds);
    AtWork& work = at_work_[ticket];
    work = {std::make_unique<HttpTransfer>(std::move(waiting.request)), std::move(waiting.done), deadline};
    deadlines_.emplace(deadline, ticket);
    curl_easy_setopt(work.transfer->handle(), CURLOPT_PRIVATE, reinterpret_cast<void*>(ticket));
    if (curl_multi_add_handle(multi_.get(), work.transfer->handle()) != CURLM_OK)
      finish(ticket, [](HttpTransfer& transfer) {
        return transfer.ended(Result::kUnusable, "no transfer could be started");
      });
  }

  // Takes a request out of the loop before its `done` is called, which may start others.
  template <typename Judge>
  void finish(Ticket ticket, Judge judge) {
    auto found = at_work_.extract(ticket);
    AtWork& work = found.mapped();
    const auto [first, last] = deadlines_.equal_range(work.deadline);
    deadlines_.erase(std::find_if(first, last, [&](const auto& each) { return each.second == ticket; }));
    HttpResponse response = judge(*work.transfer);
    curl_multi_remove_handle(multi_.get(), work.transfer->handle());
    work.transfer.reset();
    count_load();
    work.done(std::move(response));
  }

  void count_load() {
    const std::scoped_lock lock(mutex_);
    at_work_count_ = at_work_.size();
    waiting_count_ = waiting_.size() + commands_.starts.size();
  }

  int milliseconds_to_wait() const {
    auto until = Clock::now() + std::chrono::hours(1);
    if (curl_due_) until = std::min(until, *curl_due_);
    if (!moments_.empty()) until = std::min(until, moments_.begin()->first);
    if (!deadlines_.empty()) until = std::min(until, deadlines_.begin()->first);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::max<std::int64_t>(0, left));
  }

  void wait_for_events() {
    std::array<epoll_event, 256> events;
    const int count =
        ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()), milliseconds_to_wait());
    int running = 0;
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.fd == wake_.number()) {
        std::uint64_t times = 0;
        [[maybe_unused]] const ssize_t drained = ::read(wake_.number(), &times, sizeof times);
        continue;
      }
      const int in = (event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0;
      const int out = (event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0;
      const int bad = (event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0;
      curl_multi_socket_action(multi_.get(), event.data.fd, in | out | bad, &running);
    }
    if (curl_due_ && *curl_due_ <= Clock::now()) {
      curl_due_.reset();
      curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
    }
  }

  void collect() {
    int queued = 0;
    std::vector<std::pair<Ticket, CURLcode>> ended;  // a message is gone when its handle is
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &queued)) {
      void* ticket = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &ticket);
      ended.emplace_back(reinterpret_cast<Ticket>(ticket), message->data.result);
    }
    for (const auto& [ticket, code] : ended)
      finish(ticket, [result = code](HttpTransfer& transfer) { return transfer.finished(result); });
  }

  void end_all() {
    do {
      most_ = 0;
      while (!at_work_.empty()) stop(at_work_.begin()->first);
      while (!waiting_.empty()) stop(waiting_.begin()->first);
      while (!tasks_.empty()) tasks_.extract(tasks_.begin()).mapped().task();
      take_commands();
    } while (!at_work_.empty() || !waiting_.empty() || !tasks_.empty());
  }

  static int watch_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    const int epoll = static_cast<Thread*>(self)->epoll_.number();
    if (what == CURL_POLL_REMOVE) {
      ::epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr);
      return 0;
    }
    epoll_event event{.events = 0, .data = {.fd = socket}};
    if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
    if (::epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) != 0 && errno == ENOENT)
      ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
    return 0;
  }

  static int set_timer(CURLM*, long milliseconds, void* self) {
    auto& due = static_cast<Thread*>(self)->curl_due_;
    due = milliseconds < 0 ? std::nullopt
                           : std::optional(Clock::now() + std::chrono::milliseconds(milliseconds));
    return 0;
  }

  genome::base::Descriptor epoll_, wake_;
  std::size_t most_;
  std::map<Ticket, Waiting> waiting_;  // in the order of their tickets
  std::map<Ticket, AtWork> at_work_;
  std::map<Ticket, Timed> tasks_;
  Moments moments_, deadlines_;
  std::optional<Clock::time_point> curl_due_;
  std::unique_ptr<CURLM, FreeMulti> multi_;  // its end still calls back

  std::mutex mutex_;
  Commands commands_;  // under the mutex, as what follows
  Ticket last_ticket_ = 0;
  bool ending_ = false;
  std::atomic<std::size_t> at_work_count_{0}, waiting_count_{0};
  std::thread thread_;
};

HttpLoop::HttpLoop(std::size_t most) : thread_(std::make_unique<Thread>(most)) {}
HttpLoop::~HttpLoop() = default;

HttpLoop::Ticket HttpLoop::start(HttpRequest request, Done done) {
  return thread_->start(std::move(request), std::move(done));
}
HttpLoop::Ticket HttpLoop::after(double seconds, Task task) {
  return thread_->after(seconds, std::move(task));
}
void HttpLoop::cancel(Ticket ticket) { thread_->cancel(ticket); }
void HttpLoop::limit(std::size_t most) { thread_->limit(most); }
HttpLoop::Load HttpLoop::load() const { return thread_->load(); }

}  // namespace net
