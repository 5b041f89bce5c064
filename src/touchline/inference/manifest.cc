#include "touchline/inference/manifest.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

#include "touchline/base/error.h"
#include "touchline/base/machine.h"

namespace touchline::inference {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMaxClasses = 4096;
constexpr const char* kManifestFile = "manifest.json";
constexpr const char* kAutomatic = "auto";

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) base::fail(base::ErrorCode::kIo, "{} cannot be read: check its permissions", file.string());
  return text;
}

image::TensorFormat parse_format(const json& input) {
  image::TensorFormat format;
  const auto order = input.value("order", std::string("rgb"));
  TOUCHLINE_REQUIRE(order == "rgb" || order == "bgr", "input.order must be rgb or bgr, not '{}'", order);
  format.order = order == "bgr" ? image::ChannelOrder::kBgr : image::ChannelOrder::kRgb;
  format.full_scale = input.value("full_scale", format.full_scale);
  format.mean = input.value("mean", format.mean);
  format.deviation = input.value("deviation", format.deviation);
  format.rest = input.value("rest", format.rest);
  format.check();
  return format;
}

std::optional<float> parse_score(const json& thresholds, const char* key) {
  if (!thresholds.contains(key)) return std::nullopt;
  const auto score = thresholds.at(key).get<float>();
  TOUCHLINE_REQUIRE(score >= 0 && score <= 1, "thresholds.{} must lie in [0, 1], not {}", key, score);
  return score;
}

Manifest parse_entry(const json& entry, const fs::path& folder) {
  Manifest manifest;
  manifest.name = entry.value("name", std::string());
  const auto file = entry.value("file", std::string());
  if (!file.empty()) manifest.file = folder / file;
  manifest.sha256 = entry.value("sha256", std::string());
  manifest.layout = entry.value("layout", std::string());
  manifest.class_names = entry.value("classes", std::vector<std::string>());
  TOUCHLINE_REQUIRE(manifest.class_names.size() <= kMaxClasses, "a network has at most {} classes", kMaxClasses);
  if (entry.contains("input")) manifest.format = parse_format(entry.at("input"));
  if (entry.contains("thresholds")) {
    manifest.person_score = parse_score(entry.at("thresholds"), "person");
    manifest.ball_score = parse_score(entry.at("thresholds"), "ball");
    manifest.point_score = parse_score(entry.at("thresholds"), "point");
  }
  manifest.license = entry.value("license", std::string());
  manifest.attribution = entry.value("attribution", std::string());
  manifest.summary = entry.value("summary", std::string());
  return manifest;
}

std::vector<Manifest> read_manifest(const fs::path& file) {
  return parse_manifest(read_text(file), file.parent_path(), file.string());
}

fs::path executable_folder() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : self.parent_path();
}

Manifest manifest_of_file(const fs::path& file) {
  std::error_code ignored;
  const fs::path beside = manifest_beside(file);
  Manifest manifest;
  if (fs::is_regular_file(beside, ignored)) {
    const auto entries = read_manifest(beside);
    if (!entries.empty()) manifest = entries.front();
  } else if (const fs::path shared = file.parent_path() / kManifestFile; fs::is_regular_file(shared, ignored)) {
    for (const auto& entry : read_manifest(shared)) {
      if (entry.file.filename() == file.filename()) manifest = entry;
    }
  }
  manifest.file = file;
  if (manifest.name.empty()) manifest.name = file.stem().string();
  return manifest;
}

std::string joined_names(std::span<const Manifest> models) {
  std::string names;
  for (const auto& model : models) names += (names.empty() ? "" : ", ") + model.name;
  return names.empty() ? "no model is installed" : "there are: " + names;
}

}  // namespace

fs::path manifest_beside(const fs::path& model) {
  return fs::path(model).replace_extension(".json");
}

std::string facts_of(const fs::path& model) {
  std::error_code ignored;
  fs::path source = manifest_beside(model);
  const bool is_own = fs::is_regular_file(source, ignored);
  if (!is_own) source = model.parent_path() / kManifestFile;
  if (!fs::is_regular_file(source, ignored)) return {};
  const std::string text = read_text(source);
  parse_manifest(text, source.parent_path(), source.string());  // says what is wrong with it
  const json root = json::parse(text);
  const json entries = root.contains("models") ? root.at("models") : json::array({root});
  for (json entry : entries) {
    if (!is_own && fs::path(entry.value("file", std::string())).filename() != model.filename()) continue;
    for (const char* of_that_file : {"name", "file", "sha256", "summary"}) entry.erase(of_that_file);
    return entry.dump(2) + "\n";
  }
  return {};
}

std::vector<fs::path> model_folders() {
  std::vector<fs::path> candidates;
  if (const char* chosen = std::getenv("TOUCHLINE_MODELS"); chosen != nullptr && *chosen != 0) {
    candidates.emplace_back(chosen);
  }
  if (const fs::path here = executable_folder(); !here.empty()) {
    candidates.push_back(here / "models");
    candidates.push_back(here.parent_path() / "models");
  }
  candidates.emplace_back(TOUCHLINE_MODELS_DIR);
  candidates.emplace_back("models");
  std::vector<fs::path> folders;
  std::error_code ignored;
  for (const auto& folder : candidates) {
    if (fs::is_directory(folder, ignored)) folders.push_back(folder);
  }
  return folders;
}

std::vector<Manifest> list_models() {
  std::vector<Manifest> models;
  std::error_code ignored;
  for (const auto& folder : model_folders()) {
    const fs::path file = folder / kManifestFile;
    if (!fs::is_regular_file(file, ignored)) continue;
    for (auto& entry : read_manifest(file)) {
      const bool known = std::ranges::any_of(models, [&](const Manifest& m) { return m.name == entry.name; });
      if (!known) models.push_back(std::move(entry));
    }
  }
  return models;
}

const Manifest* default_model(std::span<const Manifest> models, std::span<const std::string> cpu_features) {
  const auto own = std::ranges::find(models, "touchline_n", &Manifest::name);
  if (own == models.end()) return nullptr;
  const auto has = [&](std::string_view name) { return std::ranges::find(cpu_features, name) != cpu_features.end(); };
  if (!has("avx512_vnni") || has("amx_bf16")) return &*own;
  const auto bytes = std::ranges::find_if(models, [&](const Manifest& model) {
    return model.name == "touchline_n_int8" && model.file.parent_path() == own->file.parent_path();
  });
  return bytes == models.end() ? &*own : &*bytes;
}

Manifest find_model(const std::string& name_or_file) {
  if (name_or_file == kAutomatic) {
    const auto models = list_models();
    if (const auto* chosen = default_model(models, base::this_machine().features)) return *chosen;
    base::fail(base::ErrorCode::kNotFound, "auto needs the model 'touchline_n': name a network ({})",
               joined_names(models));
  }
  std::error_code ignored;
  if (fs::is_regular_file(name_or_file, ignored)) return manifest_of_file(name_or_file);
  const auto models = list_models();
  for (const auto& model : models) {
    if (model.name == name_or_file) return model;
  }
  base::fail(base::ErrorCode::kNotFound, "there is no model '{}': give an ONNX file, auto or a name ({})", name_or_file,
             joined_names(models));
}

std::vector<Manifest> parse_manifest(std::string_view text, const fs::path& folder, const std::string& name) {
  try {
    const json root = json::parse(text);
    std::vector<Manifest> models;
    if (!root.contains("models")) {
      models.push_back(parse_entry(root, folder));
      return models;
    }
    for (const auto& entry : root.at("models")) {
      models.push_back(parse_entry(entry, folder));
      TOUCHLINE_REQUIRE(!models.back().name.empty() && !models.back().file.empty(), "an entry has no name or no file");
    }
    return models;
  } catch (const std::exception& exception) {
    base::fail(base::ErrorCode::kBadInput, "{} is no model manifest: {}", name, exception.what());
  }
}

std::vector<std::string> parse_class_names(std::string_view text) {
  std::vector<std::string> names;
  std::size_t next_index = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      next_index = 0;
      for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
        next_index = std::min(next_index * 10 + static_cast<std::size_t>(text[i] - '0'), kMaxClasses);
      }
      --i;
    } else if (c == '\'' || c == '"') {
      const std::size_t end = text.find(c, i + 1);
      if (end == std::string_view::npos || next_index >= kMaxClasses) return {};
      const std::string_view quoted = text.substr(i + 1, end - i - 1);
      i = end;
      if (text.substr(end + 1, 1) == ":") {  // a JSON key: "0": "person"
        next_index = kMaxClasses;
        std::from_chars(quoted.data(), quoted.data() + quoted.size(), next_index);
        continue;
      }
      names.resize(std::max(names.size(), next_index + 1));
      names[next_index++] = quoted;
    }
  }
  return names;
}

}  // namespace touchline::inference
