#include "touchline/inference/wire_format.h"

namespace touchline::inference::wire {

std::optional<Field> Message::next() {
  if (rest_.empty()) return std::nullopt;
  const Bytes begin = rest_;
  const std::uint64_t key = varint();
  Field field;
  field.number = static_cast<std::uint32_t>(key >> 3);
  field.kind = static_cast<std::uint32_t>(key & 7);
  if (field.number == 0 || (key >> 32) != 0) throw Malformed{};
  switch (field.kind) {
    case 0:
      field.value = varint();
      break;
    case 1:
      field.bytes = take(8);
      break;
    case 2:
      field.bytes = take(varint());
      break;
    case 5:
      field.bytes = take(4);
      break;
    default:
      throw Malformed{};
  }
  field.whole = begin.first(begin.size() - rest_.size());
  return field;
}

std::uint64_t Message::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = take(1)[0];
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  throw Malformed{};
}

Bytes Message::take(std::uint64_t count) {
  if (count > rest_.size()) throw Malformed{};
  const Bytes taken = rest_.first(static_cast<std::size_t>(count));
  rest_ = rest_.subspan(static_cast<std::size_t>(count));
  return taken;
}

std::vector<std::uint64_t> numbers_of(const Field& field) {
  if (field.kind == 0) return {field.value};
  if (field.kind != 2) throw Malformed{};
  std::vector<std::uint64_t> numbers;
  std::uint64_t number = 0;
  unsigned shift = 0;
  for (const std::uint8_t byte : field.bytes) {
    if (shift >= 64) throw Malformed{};
    number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    shift += 7;
    if (byte >= 0x80) continue;
    numbers.push_back(number);
    number = 0;
    shift = 0;
  }
  return numbers;
}

void Writer::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) message_ += static_cast<char>((value & 0x7F) | 0x80);
  message_ += static_cast<char>(value);
}

void Writer::number(std::uint32_t field, std::uint64_t value) {
  varint(std::uint64_t{field} << 3);
  varint(value);
}

void Writer::bytes(std::uint32_t field, std::string_view content) {
  varint(std::uint64_t{field} << 3 | 2);
  varint(content.size());
  message_ += content;
}

void Writer::copy(Bytes whole) {
  message_.append(reinterpret_cast<const char*>(whole.data()), whole.size());
}

}  // namespace touchline::inference::wire
