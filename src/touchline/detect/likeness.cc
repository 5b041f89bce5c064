#include "touchline/detect/likeness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "touchline/base/clock.h"
#include "touchline/base/error.h"
#include "touchline/detect/detector.h"
#include "touchline/image/letterbox.h"
#include "touchline/inference/manifest.h"
#include "touchline/inference/onnx_header.h"
#include "touchline/inference/session.h"

namespace touchline::detect {
namespace {

constexpr std::size_t kLeastRuns = 10;
constexpr float kLeastOverlap = 0.5F;
constexpr double kBallRadiusPx = 8;
constexpr double kPointRadiusPx = 10;
constexpr double kReferenceWidthPx = 1280;

/// Sums over all numbers of one output.
struct Sums {
  double count = 0;
  double value = 0;
  double square = 0;
  double error_square = 0;

  void add(std::span<const float> first, std::span<const float> second) {
    for (std::size_t i = 0; i < first.size(); ++i) {
      const auto a = static_cast<double>(first[i]);
      const double difference = a - static_cast<double>(second[i]);
      value += a;
      square += a * a;
      error_square += difference * difference;
    }
    count += static_cast<double>(first.size());
  }
  double error() const { return std::sqrt(error_square / count); }
  double spread() const { return std::sqrt(std::max(0.0, square / count - value / count * (value / count))); }
};

std::unique_ptr<inference::Session> open_in_fp32(const std::string& file, const NetworkSize& size, int threads) {
  inference::SessionOptions options;
  options.model = file;
  options.width_px = size.width_px;
  options.height_px = size.height_px;
  options.threads = threads;
  options.slots = 1;
  options.force_fp32 = true;
  return inference::open_session(options);
}

std::vector<OutputError> output_errors(const LikenessOptions& options, const DetectorInfo& info,
                                       std::span<const image::Frame> pictures) {
  const auto manifest = inference::find_model(options.first);
  const auto first = open_in_fp32(info.file, info.size, options.threads);
  const auto second = open_in_fp32(options.second, info.size, options.threads);
  const auto network = describe_network(manifest, inference::read_onnx_header(manifest.file), first->input_info(),
                                        first->output_infos(), options.purpose);
  TOUCHLINE_REQUIRE(first->output_infos() == second->output_infos(), "{} and {} have different outputs", options.first,
                    options.second);
  image::Letterbox letterbox(info.size.width_px, info.size.height_px, network.format);
  std::vector<Sums> sums(first->output_infos().size());
  for (const auto& picture : pictures) {
    letterbox.write(first->input(0), picture.picture);
    std::ranges::copy(first->input(0), second->input(0).begin());
    for (auto* session : {first.get(), second.get()}) {
      session->start(0);
      session->wait(0);
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i].add(first->output(0, static_cast<int>(i)), second->output(0, static_cast<int>(i)));
    }
  }
  std::vector<OutputError> errors;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    errors.push_back({first->output_infos()[i].name, sums[i].error(), sums[i].spread()});
  }
  return errors;
}

std::unique_ptr<Detector> open_detector(const std::string& model, const LikenessOptions& options,
                                        const image::Frame& picture) {
  DetectorOptions wanted;
  wanted.model = model;
  wanted.purpose = options.purpose;
  wanted.size = options.size;
  wanted.threads = options.threads;
  wanted.source_width_px = picture.width();
  wanted.source_height_px = picture.height();
  wanted.slots = 1;
  return Detector::open(wanted);
}

match::FrameDetections timed(Detector& detector, const image::Frame& picture, double& best_ms) {
  const base::Stopwatch watch;
  detector.start(0, picture);
  auto found = detector.wait(0);
  best_ms = std::min(best_ms, watch.elapsed_ms());
  return found;
}

bool is_near(geometry::ImagePoint a, geometry::ImagePoint b, double radius_px, int width_px) {
  return geometry::distance_px(a, b) <= radius_px * width_px / kReferenceWidthPx;
}

}  // namespace

double Agreement::share() const {
  return first + second == 0 ? 1.0 : 2.0 * both / (first + second);
}

Agreement& Agreement::operator+=(const Agreement& more) {
  first += more.first;
  second += more.second;
  both += more.both;
  return *this;
}

Agreement people_agreement(const match::FrameDetections& first, const match::FrameDetections& second) {
  struct Pair {
    float overlap;
    std::size_t first;
    std::size_t second;
  };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < first.people.size(); ++i) {
    for (std::size_t k = 0; k < second.people.size(); ++k) {
      if (first.people[i].person_class != second.people[k].person_class) continue;
      const float overlap = geometry::iou(first.people[i].box_px, second.people[k].box_px);
      if (overlap >= kLeastOverlap) pairs.push_back({overlap, i, k});
    }
  }
  std::ranges::stable_sort(pairs, std::greater<>(), &Pair::overlap);
  std::vector<bool> first_taken(first.people.size());
  std::vector<bool> second_taken(second.people.size());
  Agreement agreement{static_cast<int>(first.people.size()), static_cast<int>(second.people.size()), 0};
  for (const auto& pair : pairs) {
    if (first_taken[pair.first] || second_taken[pair.second]) continue;
    first_taken[pair.first] = second_taken[pair.second] = true;
    ++agreement.both;
  }
  return agreement;
}

Agreement ball_agreement(const match::FrameDetections& first, const match::FrameDetections& second, int width_px) {
  Agreement agreement{first.balls.empty() ? 0 : 1, second.balls.empty() ? 0 : 1, 0};
  if (agreement.first == 1 && agreement.second == 1 &&
      is_near(first.balls[0].point_px, second.balls[0].point_px, kBallRadiusPx, width_px)) {
    agreement.both = 1;
  }
  return agreement;
}

Agreement point_agreement(const match::FrameDetections& first, const match::FrameDetections& second, int width_px) {
  Agreement agreement;
  for (std::size_t i = 0; i < first.points.size(); ++i) {
    const auto& a = first.points[i];
    const auto& b = second.points[i];
    agreement.first += a.score > 0 ? 1 : 0;
    agreement.second += b.score > 0 ? 1 : 0;
    if (a.score > 0 && b.score > 0 && is_near(a.point_px, b.point_px, kPointRadiusPx, width_px)) ++agreement.both;
  }
  return agreement;
}

Likeness compare_networks(const LikenessOptions& options, std::span<const image::Frame> pictures) {
  TOUCHLINE_REQUIRE(!pictures.empty(), "two networks cannot be compared without pictures");
  const auto first = open_detector(options.first, options, pictures[0]);
  const auto second = open_detector(options.second, options, pictures[0]);
  Likeness likeness;
  likeness.first_backend = first->info().backend;
  likeness.width_px = first->info().size.width_px;
  likeness.height_px = first->info().size.height_px;
  likeness.first_ms = likeness.second_ms = std::numeric_limits<double>::infinity();
  for (std::size_t run = 0; run < std::max(kLeastRuns, pictures.size()); ++run) {
    const auto& picture = pictures[run % pictures.size()];
    const auto of_first = timed(*first, picture, likeness.first_ms);
    const auto of_second = timed(*second, picture, likeness.second_ms);
    if (run >= pictures.size()) continue;
    likeness.people += people_agreement(of_first, of_second);
    likeness.balls += ball_agreement(of_first, of_second, picture.width());
    likeness.points += point_agreement(of_first, of_second, picture.width());
  }
  likeness.outputs = output_errors(options, first->info(), pictures);
  return likeness;
}

}  // namespace touchline::detect
