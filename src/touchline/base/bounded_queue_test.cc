#include "touchline/base/bounded_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace touchline::base {
namespace {

TEST(BoundedQueue, KeepsOrderAndEndsWhenClosed) {
  BoundedQueue<int> queue(3);
  EXPECT_TRUE(queue.wait_push(1));
  EXPECT_TRUE(queue.wait_push(2));
  queue.close();
  EXPECT_FALSE(queue.wait_push(3));
  EXPECT_EQ(queue.wait_pop(), 1);
  EXPECT_EQ(queue.wait_pop(), 2);
  EXPECT_EQ(queue.wait_pop(), std::nullopt);
}

TEST(BoundedQueue, FullQueueHoldsItsProducer) {
  BoundedQueue<int> queue(1);
  std::atomic<int> pushed = 0;
  std::thread producer([&] {
    for (int i = 0; i < 100; ++i) {
      queue.wait_push(i);
      ++pushed;
    }
    queue.close();
  });
  int expected = 0;
  while (auto item = queue.wait_pop()) {
    EXPECT_EQ(*item, expected++);
    EXPECT_LE(pushed.load(), expected + 1);
  }
  producer.join();
  EXPECT_EQ(expected, 100);
}

TEST(BoundedQueue, CancelFreesItemsAndWakesWaiters) {
  auto item = std::make_shared<int>(7);
  BoundedQueue<std::shared_ptr<int>> queue(1);
  queue.wait_push(item);
  std::thread producer([&] { EXPECT_FALSE(queue.wait_push(item)); });
  queue.cancel();
  producer.join();
  EXPECT_EQ(item.use_count(), 1);
  EXPECT_EQ(queue.wait_pop(), std::nullopt);
}

TEST(BoundedQueue, RefusesCapacityZero) {
  EXPECT_THROW(BoundedQueue<int>(0), Error);
}

}  // namespace
}  // namespace touchline::base
