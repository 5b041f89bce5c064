#include "touchline/pipeline/settings.h"

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cstdlib>
#include <sstream>

#include "touchline/base/error.h"

namespace touchline::pipeline {
namespace {

int whole_number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  TOUCHLINE_REQUIRE(error == std::errc() && end == text.data() + text.size(), "'{}' is not a whole number", text);
  return value;
}

double number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  TOUCHLINE_REQUIRE(error == std::errc() && end == text.data() + text.size(), "'{}' is not a number", text);
  return value;
}

/// "a,b" → {a, b}; "none" → {}.
std::set<std::string> names(const std::string& text) {
  std::set<std::string> result;
  std::istringstream stream(text);
  for (std::string name; std::getline(stream, name, ',');) {
    if (!name.empty() && name != "none") result.insert(name);
  }
  return result;
}

bool yes(const std::string& text) {
  if (text == "true" || text == "yes" || text == "1") return true;
  if (text == "false" || text == "no" || text == "0") return false;
  base::fail(base::ErrorCode::kInvalidArgument, "'{}' is neither true nor false", text);
}

constexpr Setting kSettings[] = {
    {"device", "DEVICE", "NAME", "Where the network runs: auto or cpu [auto]",
     [](AnalyzeOptions& o, const std::string& t) { o.device = t; }},
    {"model", nullptr, "NAME|FILE", "Network: a name of `touchline model list`, an ONNX file, or auto [auto]",
     [](AnalyzeOptions& o, const std::string& t) { o.model = t; }},
    {"pitch-model", nullptr, "FILE", "32-point pose model, for detectors that find no pitch points [none]",
     [](AnalyzeOptions& o, const std::string& t) { o.pitch_model = t; }},
    {"size", "IMG_SIZE", "auto|N|WxH", "Network input in pixels; N = longer side [auto: from picture and cores]",
     [](AnalyzeOptions& o, const std::string& t) { o.size = t; }},
    {"batch", "BATCH_SIZE", "N|auto", "Frames in the network at once, 1..64 [auto]",
     [](AnalyzeOptions& o, const std::string& t) { o.batch = t == "auto" ? 0 : whole_number(t); }},
    {"stride", "FRAME_STRIDE", "N", "The network sees every Nth frame, the others are filled in, 1..50 [1]",
     [](AnalyzeOptions& o, const std::string& t) { o.stride = whole_number(t); }},
    {"threads", nullptr, "N", "Cores for the network, 0 = all [0]",
     [](AnalyzeOptions& o, const std::string& t) { o.threads = whole_number(t); }},
    {"lookahead", nullptr, "S", "Seconds that filling and smoothing may see ahead, 0..5 [1]",
     [](AnalyzeOptions& o, const std::string& t) { o.lookahead_s = number(t); }},
    {"formats", nullptr, "LIST", "Records: of jsonl,csv,mot,coco,scorevision, or none [jsonl,csv,mot]",
     [](AnalyzeOptions& o, const std::string& t) { o.formats = names(t); }},
    {"overlay", nullptr, "LIST", "Layers drawn: of boxes,radar,control,threat,bar, or none [boxes,radar,control,bar]",
     [](AnalyzeOptions& o, const std::string& t) { o.overlay = names(t); }},
    {"video", nullptr, "yes|no", "Write annotated.mp4 [yes]",
     [](AnalyzeOptions& o, const std::string& t) { o.video = yes(t); }},
    {"pitch", nullptr, "LxW", "Length and width of the pitch in metres [105x68]",
     [](AnalyzeOptions& o, const std::string& t) { o.pitch = match::PitchModel::parse(t); }},
    {"rate", nullptr, "FPS", "Frames a second of a folder of pictures, 1..240 [25]",
     [](AnalyzeOptions& o, const std::string& t) { o.frame_rate = number(t); }},
    {"frames", nullptr, "N", "Stop after N frames, 0 = all [0]",
     [](AnalyzeOptions& o, const std::string& t) { o.frames = whole_number(t); }},
};

std::string yaml_text(const YAML::Node& node) {
  if (!node.IsSequence()) return node.as<std::string>();
  std::string joined;
  for (const auto& item : node) joined += (joined.empty() ? "" : ",") + item.as<std::string>();
  return joined;
}

bool known(const std::string& name) {
  for (const Setting& setting : kSettings) {
    if (name == setting.name) return true;
  }
  return false;
}

GivenSettings settings_of(const YAML::Node& root, const std::string& path) {
  GivenSettings given;
  for (const auto& pair : root) {
    const auto key = pair.first.as<std::string>();
    if (!known(key)) {
      base::fail(base::ErrorCode::kBadInput, "{}:{}: '{}' is no setting; `touchline analyze --help` lists them", path,
                 pair.first.Mark().line + 1, key);
    }
    given[key] = yaml_text(pair.second);
  }
  return given;
}

}  // namespace

std::span<const Setting> settings() {
  return kSettings;
}

std::optional<std::string> process_environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr || *text == '\0' ? std::nullopt : std::optional<std::string>(text);
}

GivenSettings read_configuration(const std::string& path) {
  try {
    const YAML::Node root = YAML::LoadFile(path);
    if (root.IsNull()) return {};
    if (!root.IsMap()) base::fail(base::ErrorCode::kBadInput, "{}: expected lines of the form `name: value`", path);
    return settings_of(root, path);
  } catch (const YAML::BadFile&) {
    base::fail(base::ErrorCode::kNotFound, "{}: the configuration file cannot be read", path);
  } catch (const YAML::Exception& error) {
    base::fail(base::ErrorCode::kBadInput, "{}:{}: {}", path, error.mark.line + 1, error.msg);
  }
}

void apply_settings(AnalyzeOptions& options, const GivenSettings& flags, const GivenSettings& configuration,
                    const Environment& environment) {
  for (const Setting& setting : kSettings) {
    std::string source = fmt::format("--{}", setting.name);
    std::optional<std::string> text;
    if (const auto flag = flags.find(setting.name); flag != flags.end()) {
      text = flag->second;
    } else if (setting.environment != nullptr && (text = environment(setting.environment))) {
      source = fmt::format("environment variable {}", setting.environment);
    } else if (const auto entry = configuration.find(setting.name); entry != configuration.end()) {
      text = entry->second;
      source = fmt::format("configuration key '{}'", setting.name);
    }
    if (!text) continue;
    try {
      setting.apply(options, *text);
    } catch (const base::Error& error) {
      base::fail(base::ErrorCode::kInvalidArgument, "{}: {}", source, error.what());
    }
  }
  options.check();
}

}  // namespace touchline::pipeline
