#include "net/address/this_machine.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstring>
#include <ifaddrs.h>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <unistd.h>

namespace net {
namespace {

struct FreeAddresses {
  void operator()(ifaddrs* all) const { ::freeifaddrs(all); }
};

bool is_address(const sockaddr* own, const in_addr& wanted) {
  return own->sa_family == AF_INET &&
         reinterpret_cast<const sockaddr_in*>(own)->sin_addr.s_addr == wanted.s_addr;
}

bool is_address(const sockaddr* own, const in6_addr& wanted) {
  return own->sa_family == AF_INET6 &&
         std::memcmp(&reinterpret_cast<const sockaddr_in6*>(own)->sin6_addr, &wanted, sizeof wanted) == 0;
}

template <class Address>
bool is_own(const Address& wanted) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return false;
  const std::unique_ptr<ifaddrs, FreeAddresses> all(first);
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr != nullptr && is_address(each->ifa_addr, wanted)) return true;
  }
  return false;
}

bool is_unspecified_or_loopback(const in_addr& address) {
  const std::uint32_t number = ntohl(address.s_addr);
  return number == INADDR_ANY || number >> 24U == IN_LOOPBACKNET;
}

// The machine's own name, and those that distributions give to its loopback address.
bool is_own_name(std::string_view name) {
  std::array<char, 256> own{};
  if (::gethostname(own.data(), own.size() - 1) == 0 && name == std::string_view(own.data())) return true;
  return name == "ip6-localhost" || name == "ip6-loopback";
}

}  // namespace

bool is_this_machine(std::string_view host) {
  in_addr four{};
  if (::inet_pton(AF_INET, std::string(host).c_str(), &four) == 1)
    return ntohl(four.s_addr) >> 24U == IN_LOOPBACKNET;
  return host == "localhost" || host == "[::1]";
}

bool needs_no_proxy(const std::string& host) {
  std::string_view name = host;
  if (name.ends_with('.')) name.remove_suffix(1);  // a whole name, as name servers have it
  if (is_this_machine(name) || name.ends_with(".localhost") || is_own_name(name)) return true;
  in_addr four{};
  if (::inet_pton(AF_INET, std::string(name).c_str(), &four) == 1)
    return is_unspecified_or_loopback(four) || is_own(four);
  if (!name.starts_with('[') || !name.ends_with(']')) return false;
  const std::string inside(name.substr(1, std::min(name.find('%'), name.size() - 1) - 1));
  in6_addr six{};
  if (::inet_pton(AF_INET6, inside.c_str(), &six) != 1) return false;
  if (IN6_IS_ADDR_UNSPECIFIED(&six) || IN6_IS_ADDR_LOOPBACK(&six)) return true;
  if (!IN6_IS_ADDR_V4MAPPED(&six)) return is_own(six);
  std::memcpy(&four, &six.s6_addr[12], sizeof four);
  return is_unspecified_or_loopback(four) || is_own(four);
}

}  // namespace net
