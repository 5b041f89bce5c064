#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Protobuf's wire format (protobuf.dev, "Encoding"), as far as ONNX files need it.
namespace touchline::inference::wire {

using Bytes = std::span<const std::uint8_t>;

/// Thrown for bytes that are no protobuf message. Never leaves this room: readers make one Error of it.
struct Malformed {};

/// One field of a message: a number, or bytes that lie inside the message.
struct Field {
  std::uint32_t number = 0;
  std::uint32_t kind = 0;   ///< 0 number, 1 eight bytes, 2 counted bytes, 5 four bytes
  std::uint64_t value = 0;  ///< of kind 0
  Bytes bytes{};            ///< of the others
  Bytes whole{};            ///< the field as it stands in the message, key and all

  std::string text() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
};

/// Walks the fields of a message.
class Message {
 public:
  explicit Message(Bytes bytes) : rest_(bytes) {}

  /// The next field; empty at the end. Throws Malformed.
  std::optional<Field> next();

 private:
  std::uint64_t varint();
  Bytes take(std::uint64_t count);

  Bytes rest_;
};

/// Calls visit(field) for every field of the message. Throws Malformed.
template <typename Visit>
void each_field(Bytes bytes, Visit visit) {
  Message message(bytes);
  while (const auto field = message.next()) visit(*field);
}

/// The numbers of a field that repeats: one, or many packed. Throws Malformed.
std::vector<std::uint64_t> numbers_of(const Field& field);

/// Puts a message together, field by field.
class Writer {
 public:
  void number(std::uint32_t field, std::uint64_t value);
  void bytes(std::uint32_t field, std::string_view content);
  /// Fields as they stood in another message.
  void copy(Bytes whole);

  const std::string& message() const { return message_; }

 private:
  void varint(std::uint64_t value);

  std::string message_;
};

}  // namespace touchline::inference::wire
