// Camera accuracy on labelled pictures: touchline_calibrate_accuracy LABEL_FOLDER [--pairs PAIRS.csv]
// Each picture's labelled points get 2 px of noise, 30 % are dropped and 5 % thrown anywhere; the camera fitted to the
// rest is judged at all labelled points. --pairs writes what was fitted and what was asked, for peers to solve.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <vector>

#include "touchline/base/clock.h"
#include "touchline/calibrate/fit.h"
#include "touchline/calibrate/seen_pairs.h"
#include "touchline/geometry/robust.h"

namespace touchline::calibrate {
namespace {

constexpr int kWidth = 1280;
constexpr int kHeight = 720;
constexpr int kRepeats = 10;
constexpr double kNoise_px = 2;
constexpr double kDropped = 0.30;
constexpr double kWild = 0.05;
constexpr double kLost_px = 1000;  // error counted where no camera was found

class Random {
 public:
  double uniform() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<double>((state_ * 0x2545F4914F6CDD1DULL) >> 11) / 9007199254740992.0;
  }
  double gauss() { return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(2 * std::numbers::pi * uniform()); }

 private:
  std::uint64_t state_ = 20260101;
};

struct Picture {
  std::string match;
  match::SeenPoints labels{};
};

std::vector<Picture> read_labels(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Picture> pictures;
  for (const auto& file : files) {
    std::ifstream in(file);
    double skipped = 0;
    for (int i = 0; i < 5; ++i) in >> skipped;
    Picture picture;
    picture.match = file.filename().string().substr(0, 6);
    for (auto& point : picture.labels) {
      double x = 0;
      double y = 0;
      double v = 0;
      in >> x >> y >> v;
      point = {{x * kWidth, y * kHeight}, v > 0 ? 1.0F : 0.0F};
    }
    if (in) pictures.push_back(picture);
  }
  return pictures;
}

match::SeenPoints disturbed(const match::SeenPoints& labels, Random& random) {
  match::SeenPoints seen = labels;
  for (auto& point : seen) {
    if (point.score == 0) continue;
    if (random.uniform() < kDropped) {
      point.score = 0;
    } else if (random.uniform() < kWild) {
      point.point_px = {random.uniform() * kWidth, random.uniform() * kHeight};
    } else {
      point.point_px = {point.point_px.x + kNoise_px * random.gauss(), point.point_px.y + kNoise_px * random.gauss()};
    }
  }
  return seen;
}

template <typename Project>
void judge(const match::SeenPoints& labels, const match::PitchModel& pitch, Project project,
           std::vector<double>& errors) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i].score == 0) continue;
    const auto p = project(pitch.landmarks()[i]);
    errors.push_back(p ? geometry::distance_px(*p, labels[i].point_px) : kLost_px);
  }
}

void print(const char* name, std::vector<double> errors, double time_us) {
  std::sort(errors.begin(), errors.end());
  const auto at = [&](double q) {
    return errors[static_cast<std::size_t>(q * static_cast<double>(errors.size() - 1))];
  };
  const auto lost = std::count(errors.begin(), errors.end(), kLost_px);
  std::printf("%-34s median %5.2f px   90th %6.2f px   no answer %4.1f %%   %6.1f us\n", name, at(0.5), at(0.9),
              100.0 * static_cast<double>(lost) / static_cast<double>(errors.size()), time_us);
}

void write_pairs(std::FILE* out, int number, const match::SeenPoints& labels, const match::SeenPoints& seen,
                 const match::PitchModel& pitch) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i].score == 0) continue;
    const auto place = pitch.landmarks()[i];
    std::fprintf(out, "%d,%zu,%.4f,%.4f,%.3f,%.3f,%d,%.3f,%.3f\n", number, i, place.x, place.y, labels[i].point_px.x,
                 labels[i].point_px.y, seen[i].score > 0 ? 1 : 0, seen[i].point_px.x, seen[i].point_px.y);
  }
}

int run(const std::filesystem::path& folder, const char* pairs_file) {
  const auto pictures = read_labels(folder);
  const match::PitchModel pitch;
  Random random;
  std::vector<double> physical;
  std::vector<double> plain;
  double physical_s = 0;
  double plain_s = 0;
  int number = 0;
  std::FILE* out = pairs_file != nullptr ? std::fopen(pairs_file, "w") : nullptr;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    for (const auto& picture : pictures) {
      const auto seen = disturbed(picture.labels, random);
      const auto pairs = seen_pairs(seen, pitch, 0.5F);
      if (pairs.count < 5) continue;
      if (out != nullptr) write_pairs(out, number, picture.labels, seen, pitch);
      ++number;
      const base::Stopwatch plain_clock;
      const auto homography = geometry::find_homography(pairs.span(), {});
      plain_s += plain_clock.elapsed_s();
      const auto by_homography = [&](geometry::PitchPoint p) {
        return homography ? geometry::mapped(homography->image_from_pitch, p) : std::nullopt;
      };
      judge(picture.labels, pitch, by_homography, plain);
      const base::Stopwatch clock;
      const auto fit = fit_pose(seen, kWidth, kHeight, pitch);
      physical_s += clock.elapsed_s();
      const auto by_camera = [&](geometry::PitchPoint p) {
        return fit ? fit->camera.image_from_pitch(p) : std::nullopt;
      };
      judge(picture.labels, pitch, by_camera, physical);
    }
  }
  if (out != nullptr) std::fclose(out);
  std::printf("%d fits of %zu pictures, %zu points judged\n", number, pictures.size(), physical.size());
  print("homography, RANSAC (ours)", plain, 1e6 * plain_s / number);
  print("physical camera, Cauchy (ours)", physical, 1e6 * physical_s / number);
  return 0;
}

}  // namespace
}  // namespace touchline::calibrate

int main(int argc, char** argv) {
  if (argc != 2 && !(argc == 4 && std::string(argv[2]) == "--pairs")) {
    std::fprintf(stderr, "usage: touchline_calibrate_accuracy LABEL_FOLDER [--pairs PAIRS.csv]\n");
    return 2;
  }
  return touchline::calibrate::run(argv[1], argc == 4 ? argv[3] : nullptr);
}
