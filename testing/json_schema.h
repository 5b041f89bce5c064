#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace touchline::testing {

/// Checks JSON against the part of JSON Schema (draft 2020-12) that our schemas use: $ref inside the file, type, const,
/// enum, oneOf, minimum, maximum, required, properties, additionalProperties, items, prefixItems, minItems, maxItems.
/// A keyword outside this list throws, so that no rule is skipped in silence. For tests only.
class JsonSchema {
 public:
  using Json = nlohmann::json;

  explicit JsonSchema(Json root) : root_(std::move(root)) {}

  /// Empty when `value` obeys the schema, else the place and the rule it breaks.
  std::string error_of(const Json& value) const { return check(root_, value, "$"); }

 private:
  std::string check(const Json& schema, const Json& value, const std::string& at) const {
    if (schema.is_boolean()) return schema.get<bool>() ? "" : at + ": is not allowed";
    for (const auto& [keyword, rule] : schema.items()) {
      const std::string error = check_keyword(keyword, rule, schema, value, at);
      if (!error.empty()) return error;
    }
    return "";
  }

  std::string check_keyword(const std::string& keyword, const Json& rule, const Json& schema, const Json& value,
                            const std::string& at) const {
    if (keyword[0] == '$' && keyword != "$ref") return "";
    if (keyword == "title" || keyword == "description") return "";
    if (keyword == "$ref") return check(root_.at(Json::json_pointer(rule.get<std::string>().substr(1))), value, at);
    if (keyword == "type") return has_type(rule, value) ? "" : at + ": is not of type " + rule.dump();
    if (keyword == "const") return value == rule ? "" : at + ": is not " + rule.dump();
    if (keyword == "enum") return contains(rule, value) ? "" : at + ": is none of " + rule.dump();
    if (keyword == "oneOf") return check_one_of(rule, value, at);
    if (keyword == "minimum") return !value.is_number() || value >= rule ? "" : at + ": is below " + rule.dump();
    if (keyword == "maximum") return !value.is_number() || value <= rule ? "" : at + ": is above " + rule.dump();
    if (keyword == "minItems") return !value.is_array() || value.size() >= rule ? "" : at + ": is too short";
    if (keyword == "maxItems") return !value.is_array() || value.size() <= rule ? "" : at + ": is too long";
    if (keyword == "required" || keyword == "properties" || keyword == "additionalProperties") {
      return value.is_object() ? check_object(keyword, rule, schema, value, at) : "";
    }
    if (keyword == "items" || keyword == "prefixItems") {
      return value.is_array() ? check_items(keyword, rule, schema, value, at) : "";
    }
    throw std::invalid_argument("the schema uses a keyword this checker does not know: " + keyword);
  }

  static bool contains(const Json& list, const Json& value) {
    for (const auto& entry : list) {
      if (entry == value) return true;
    }
    return false;
  }

  static bool has_type(const Json& rule, const Json& value) {
    if (rule.is_array()) {
      for (const auto& one : rule) {
        if (has_type(one, value)) return true;
      }
      return false;
    }
    const auto name = rule.get<std::string>();
    if (name == "number") return value.is_number();
    if (name == "integer") return value.is_number_integer();
    return name == value.type_name();
  }

  std::string check_one_of(const Json& rules, const Json& value, const std::string& at) const {
    int fitting = 0;
    std::string last;
    for (const auto& rule : rules) {
      const std::string error = check(rule, value, at);
      if (error.empty()) {
        ++fitting;
      } else {
        last = error;
      }
    }
    if (fitting == 1) return "";
    return fitting == 0 ? last : at + ": fits several alternatives";
  }

  std::string check_object(const std::string& keyword, const Json& rule, const Json& schema, const Json& value,
                           const std::string& at) const {
    if (keyword == "required") {
      for (const auto& key : rule) {
        if (!value.contains(key.get<std::string>())) return at + ": the key " + key.dump() + " is missing";
      }
      return "";
    }
    static const Json kNone = Json::object();
    const Json& known = schema.contains("properties") ? schema["properties"] : kNone;
    for (const auto& [key, entry] : value.items()) {
      const bool is_known = known.contains(key);
      if (is_known != (keyword == "properties")) continue;
      const std::string error = check(is_known ? known[key] : rule, entry, at + "." + key);
      if (!error.empty()) return error;
    }
    return "";
  }

  std::string check_items(const std::string& keyword, const Json& rule, const Json& schema, const Json& value,
                          const std::string& at) const {
    const std::size_t prefix = schema.contains("prefixItems") ? schema["prefixItems"].size() : 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if ((i < prefix) != (keyword == "prefixItems")) continue;
      const std::string error = check(i < prefix ? rule[i] : rule, value[i], at + "[" + std::to_string(i) + "]");
      if (!error.empty()) return error;
    }
    return "";
  }

  Json root_;
};

}  // namespace touchline::testing
