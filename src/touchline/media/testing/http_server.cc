#include "touchline/media/testing/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace touchline::media::testing {
namespace {

constexpr int kMaxConnections = 32;
constexpr int kPoll_ms = 20;
constexpr int kMaxPolls = 500;

std::size_t range_start(const std::string& request) {
  const auto at = request.find("Range: bytes=");
  return at == std::string::npos ? 0 : std::stoul(request.substr(at + 13));
}

}  // namespace

HttpServer::HttpServer(std::string body, Manner manner) : body_(std::move(body)), manner_(manner) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || bind(listener_, any, size) != 0 || listen(listener_, 4) != 0 ||
      getsockname(listener_, any, &size) != 0) {
    throw std::runtime_error("no socket on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

HttpServer::~HttpServer() {
  stop_ = true;
  thread_.join();
  close(listener_);
}

std::string HttpServer::address() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/clip.mp4";
}

bool HttpServer::wait_readable(int descriptor) const {
  for (int i = 0; i < kMaxPolls && !stop_; ++i) {
    pollfd waiting{descriptor, POLLIN, 0};
    if (poll(&waiting, 1, kPoll_ms) > 0) return true;
  }
  return false;
}

void HttpServer::run() {
  while (connections_ < kMaxConnections && wait_readable(listener_)) {
    const int connection = accept(listener_, nullptr, nullptr);
    if (connection < 0) continue;
    ++connections_;
    answer(connection);
    close(connection);
  }
}

void HttpServer::answer(int connection) {
  std::string request;
  while (request.find("\r\n\r\n") == std::string::npos) {
    char buffer[2048];
    if (!wait_readable(connection)) return;
    const auto count = recv(connection, buffer, sizeof(buffer), 0);
    if (count <= 0) return;
    request.append(buffer, static_cast<std::size_t>(count));
  }
  if (manner_ == Manner::kSilent) {
    wait_readable(connection);
    return;
  }
  const std::size_t start = range_start(request);
  if (manner_ == Manner::kMissing || start > body_.size()) {
    send_all(connection, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return;
  }
  const std::string size = std::to_string(body_.size());
  send_all(connection,
           "HTTP/1.1 206 Partial Content\r\nAccept-Ranges: bytes\r\nConnection: close\r\nContent-Range: bytes " +
               std::to_string(start) + "-" + std::to_string(body_.size() - 1) + "/" + size +
               "\r\nContent-Length: " + std::to_string(body_.size() - start) + "\r\n\r\n");
  const bool drop = manner_ == Manner::kDropOnce && connections_ == 1;
  send_all(connection, drop ? body_.substr(0, body_.size() / 2) : body_.substr(start));
}

void HttpServer::send_all(int connection, const std::string& bytes) const {
  std::size_t sent = 0;
  for (int i = 0; i < kMaxPolls && sent < bytes.size() && !stop_; ++i) {
    pollfd waiting{connection, POLLOUT, 0};
    if (poll(&waiting, 1, kPoll_ms) <= 0) continue;
    const auto count = send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

}  // namespace touchline::media::testing
