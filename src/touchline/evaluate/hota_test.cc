#include "touchline/evaluate/hota.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::evaluate {
namespace {

using records::MotRow;

// Expected numbers: TrackEval 1.3.0 (HOTA, Identity, CLEAR) on the same rows, made in Python by the same generator.
struct Expected {
  double hota, det_a, ass_a, det_recall, det_precision, ass_recall, ass_precision, loc_a;
  double idf1, id_recall, id_precision, mota, motp;
  double switches;
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}
  /// In [0, 1).
  double operator()() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state_ >> 33) / 2147483648.0;
  }

 private:
  std::uint64_t state_;
};

MotRow row(std::int64_t frame, std::int64_t id, double left, double top, double width, double height) {
  return {.frame = frame,
          .id = id,
          .box_px = {static_cast<float>(left), static_cast<float>(top), static_cast<float>(left + width),
                     static_cast<float>(top + height)},
          .confidence = 1};
}

int whole(double value) {
  return static_cast<int>(value);
}

/// People who walk straight on and are now and then out of sight.
std::vector<MotRow> made_up_truth(int frames, int people) {
  struct Walker {
    int x, y, vx, vy;
  };
  Generator random(42);
  std::vector<Walker> walkers;
  for (int i = 0; i < people; ++i) {
    const int x = 100 + whole(random() * 900);
    const int y = 100 + whole(random() * 400);
    const int vx = whole(random() * 9) - 4;
    walkers.push_back({x, y, vx, whole(random() * 5) - 2});
  }
  std::vector<MotRow> rows;
  for (int frame = 1; frame <= frames; ++frame) {
    for (int i = 0; i < people; ++i) {
      if ((frame + 17 * i) % 97 < 6) continue;
      const auto& walker = walkers[static_cast<std::size_t>(i)];
      rows.push_back(row(frame, i + 1, walker.x + walker.vx * frame, walker.y + walker.vy * frame, 30, 80));
    }
  }
  return rows;
}

/// Boxes shaken and lost, ids exchanged and begun anew, false boxes added.
std::vector<MotRow> spoiled(const std::vector<MotRow>& truth, std::uint64_t seed) {
  Generator random(seed);
  std::vector<MotRow> rows;
  for (const auto& t : truth) {
    const double a = random();
    const double b = random();
    const double c = random();
    if (a < 0.1) continue;
    const auto id = ((t.frame / 60) % 2 != 0 ? t.id ^ 1 : t.id) + 1000 * (t.frame / (40 + 7 * (t.id % 5)));
    const auto& box = t.box_px;
    rows.push_back(row(t.frame, id, double(box.x0) + whole(b * 13) - 6, double(box.y0) + whole(c * 17) - 8, box.width(),
                       box.height()));
    if (a > 0.97)
      rows.push_back(row(t.frame, 900000 + t.id, double(box.x0) + 200, double(box.y0) + 30, box.width(), box.height()));
  }
  return rows;
}

void expect_equal(const TrackingCounts& counts, const Expected& expected) {
  constexpr double kTolerance = 1e-9;
  const auto scores = scores_of(counts);
  EXPECT_NEAR(scores.hota, expected.hota, kTolerance);
  EXPECT_NEAR(scores.det_a, expected.det_a, kTolerance);
  EXPECT_NEAR(scores.ass_a, expected.ass_a, kTolerance);
  EXPECT_NEAR(scores.det_recall, expected.det_recall, kTolerance);
  EXPECT_NEAR(scores.det_precision, expected.det_precision, kTolerance);
  EXPECT_NEAR(scores.ass_recall, expected.ass_recall, kTolerance);
  EXPECT_NEAR(scores.ass_precision, expected.ass_precision, kTolerance);
  EXPECT_NEAR(scores.loc_a, expected.loc_a, kTolerance);
  EXPECT_NEAR(scores.idf1, expected.idf1, kTolerance);
  EXPECT_NEAR(scores.id_recall, expected.id_recall, kTolerance);
  EXPECT_NEAR(scores.id_precision, expected.id_precision, kTolerance);
  EXPECT_NEAR(scores.mota, expected.mota, kTolerance);
  EXPECT_NEAR(scores.motp, expected.motp, kTolerance);
  EXPECT_EQ(counts.switches, expected.switches);
}

TEST(Hota, MadeUpTracksEqualTrackEval) {
  const auto truth = made_up_truth(180, 12);
  expect_equal(count_tracking(truth, spoiled(truth, 7)),
               {0.30511398734111383, 0.6200697701460908, 0.15060140507112577, 0.6755035737491879, 0.7191875588023686,
                0.15819733636842367, 0.6391596163655623, 0.7869366678397892, 0.2689075630252101, 0.2607407407407407,
                0.277602523659306, 0.8291358024691358, 0.7382867325533669, 67});
}

TEST(Hota, PooledSequencesEqualTrackEval) {
  const auto first = made_up_truth(180, 12);
  const auto second = made_up_truth(90, 5);
  const std::vector<TrackingCounts> both = {count_tracking(first, spoiled(first, 7)),
                                            count_tracking(second, spoiled(second, 8))};
  expect_equal(combined(both),
               {0.327070607969264, 0.6200078872115499, 0.17301511912894088, 0.6729138873348538, 0.7219067405355494,
                0.18186987550168546, 0.6450101578253729, 0.7867951672038404, 0.3123148539991536, 0.3017170891251022,
                0.3236842105263158, 0.830744071954211, 0.7381157716165999, 78});
}

struct Sequence {
  const char* name;
  Expected expected;
};

class HotaSequences : public testing::TestWithParam<Sequence> {};

TEST_P(HotaSequences, EqualTrackEval) {
  const std::string path = std::string(TOUCHLINE_SHARED_DIR) + "/data/tracking/" + GetParam().name + "_gt.txt";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "needs the development data: " << path;
  const auto truth = records::read_mot(path);
  expect_equal(count_tracking(truth, spoiled(truth, 7)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Shared, HotaSequences,
    testing::Values(
        Sequence{"sportsmot_gQNyhv8y0QY_c003",
                 {0.2101693535234792, 0.6619229183896786, 0.06712019503087006, 0.7148663086667179, 0.7677325973811702,
                  0.07166139636544332, 0.6014187663197011, 0.8154987689884498, 0.12311920302301614, 0.11888019105744992,
                  0.12767170133941294, 0.8285790102162665, 0.7811416200325518, 253}},
        Sequence{"sportsmot_HdiyOtliFiw_c602",
                 {0.2546105540068105, 0.6439678418901595, 0.10129237667055808, 0.6988840033713456, 0.7504279655010739,
                  0.10761754923799073, 0.617800342989268, 0.8043341943613944, 0.18041958041958042, 0.17422342272814972,
                  0.18707271597265382, 0.8215319313139109, 0.7654631716188097, 165}},
        Sequence{"issia_cam1",
                 {0.17799134564136404, 0.6938104378163861, 0.0459431681123363, 0.7424905818933617, 0.798407344084531,
                  0.047272211942643916, 0.7269613928575831, 0.8353149921230048, 0.07981573751997743,
                  0.07702077474371768, 0.08282118817676325, 0.8318969427560555, 0.809681621236413, 389}}));

TEST(Hota, TheTruthItselfIsPerfect) {
  const auto truth = made_up_truth(60, 8);
  const auto scores = scores_of(count_tracking(truth, truth));
  EXPECT_DOUBLE_EQ(scores.hota, 1);
  EXPECT_DOUBLE_EQ(scores.idf1, 1);
  EXPECT_DOUBLE_EQ(scores.mota, 1);
}

TEST(Hota, NothingAnsweredAndNothingToFind) {
  const auto truth = made_up_truth(20, 3);
  const auto missed = scores_of(count_tracking(truth, {}));
  EXPECT_EQ(missed.hota, 0);
  EXPECT_EQ(missed.mota, 0);
  const auto invented = count_tracking({}, truth);
  EXPECT_EQ(scores_of(invented).hota, 0);
  EXPECT_EQ(invented.false_positives[0], static_cast<double>(truth.size()));
  EXPECT_EQ(scores_of(count_tracking({}, {})).hota, 0);
}

TEST(Hota, TruthOfConfidenceZeroDoesNotCount) {
  std::vector<MotRow> truth = {row(1, 1, 0, 0, 10, 10), row(1, 2, 50, 50, 10, 10)};
  truth[1].confidence = 0;
  EXPECT_EQ(count_tracking(truth, {}).truth_boxes, 1);
}

TEST(Hota, AnIdTwiceInOneFrameIsRefused) {
  const std::vector<MotRow> rows = {row(1, 7, 0, 0, 10, 10), row(1, 7, 5, 5, 10, 10)};
  EXPECT_THROW(count_tracking(rows, {}), base::Error);
  EXPECT_THROW(count_tracking({}, rows), base::Error);
}

}  // namespace
}  // namespace touchline::evaluate
