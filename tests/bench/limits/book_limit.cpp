// What a machine can do with an order book, in C++: a flat tick window with a two-level bitmap (`flat`), and the ordered
// map of the standard library (`map`). Same input and same top-20 hash as the product's book.
// usage: book_limit <map|flat> <stream file> <apply|snap|check>
#include <time.h>

#include <chrono>
#include <limits>
#include <map>
#include <string>

#include "level_stream.hpp"

static const double kNone = std::numeric_limits<double>::quiet_NaN();
static const int kDepth = 20;

// Processor time of this thread in ms.
static double cpu_ms() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

// Keys are ticks that grow away from the touch: minus tick for bids.
struct MapBook {
  double ticks_per_unit;
  std::map<long long, double> levels[2];
  explicit MapBook(double t) : ticks_per_unit(t) {}

  inline void apply(unsigned side, double price, double size) {
    const long long tick = static_cast<long long>(price * ticks_per_unit + 0.5);
    auto& book = levels[side];
    if (size == 0) book.erase(side ? tick : -tick);
    else book[side ? tick : -tick] = size;
  }

  void top(double* out) {
    for (int side = 0; side < 2; side++) {
      double* at = out + side * 2 * kDepth;
      int written = 0;
      for (auto level = levels[side].begin(); level != levels[side].end() && written < kDepth; ++level, ++written) {
        *at++ = (side ? level->first : -level->first) / ticks_per_unit;
        *at++ = level->second;
      }
      for (; written < kDepth; written++) { *at++ = kNone; *at++ = kNone; }
    }
  }
};

class FlatSide {
 public:
  static constexpr int kWindow = 16384, kMargin = 2048;

  FlatSide() : size_(static_cast<double*>(calloc(kWindow, sizeof(double)))) {}

  inline void apply(long long key, double size) {
    const long long offset = key - base_;
    if (static_cast<unsigned long long>(offset) >= static_cast<unsigned long long>(kWindow)) { far(key, size); return; }
    if (size != 0) put(static_cast<int>(offset), size);
    else clear(static_cast<int>(offset));
  }

  void top(double sign, double ticks_per_unit, double* out) {
    int written = 0;
    for (int o = best(); written < kDepth && o < kWindow; written++, o = next(o + 1)) {
      *out++ = sign * static_cast<double>(o + base_) / ticks_per_unit;
      *out++ = size_[o];
    }
    for (auto level = spill_.begin(); written < kDepth && level != spill_.end(); ++level, written++) {
      *out++ = sign * static_cast<double>(level->first) / ticks_per_unit;
      *out++ = level->second;
    }
    for (; written < kDepth; written++) { *out++ = kNone; *out++ = kNone; }
  }

 private:
  double* size_;
  uint64_t words_[kWindow / 64] = {}, groups_[kWindow / 4096] = {};
  long long base_ = 1ll << 60;
  int bound_ = kWindow;
  bool started_ = false;
  std::map<long long, double> spill_;

  inline int next(int offset) const {
    if (offset >= kWindow) return kWindow;
    int word = offset >> 6;
    const uint64_t here = words_[word] & (~0ull << (offset & 63));
    if (here) return (word << 6) + __builtin_ctzll(here);
    int group = ++word >> 6;
    if (group >= kWindow / 4096) return kWindow;
    uint64_t rest = groups_[group] & (~0ull << (word & 63));
    while (!rest) {
      if (++group >= kWindow / 4096) return kWindow;
      rest = groups_[group];
    }
    word = (group << 6) + __builtin_ctzll(rest);
    return (word << 6) + __builtin_ctzll(words_[word]);
  }

  inline void put(int offset, double size) {
    size_[offset] = size;
    const int word = offset >> 6;
    words_[word] |= 1ull << (offset & 63);
    groups_[word >> 6] |= 1ull << (word & 63);
    if (offset < bound_) bound_ = offset;
  }

  inline void clear(int offset) {
    size_[offset] = 0;
    const int word = offset >> 6;
    words_[word] &= ~(1ull << (offset & 63));
    if (!words_[word]) groups_[word >> 6] &= ~(1ull << (word & 63));
  }

  void rebase(long long base) {
    for (int o = next(0); o < kWindow; o = next(o + 1)) spill_[o + base_] = size_[o];
    memset(size_, 0, kWindow * sizeof(double));
    memset(words_, 0, sizeof words_);
    memset(groups_, 0, sizeof groups_);
    base_ = base;
    bound_ = kWindow;
    for (auto level = spill_.lower_bound(base); level != spill_.end() && level->first < base + kWindow;) {
      put(static_cast<int>(level->first - base), level->second);
      level = spill_.erase(level);
    }
  }

  void far(long long key, double size) {
    if (size == 0) { spill_.erase(key); return; }
    if (!started_) {
      started_ = true;
      base_ = key - kMargin;
      put(kMargin, size);
    } else if (key < base_) {
      rebase(key - kMargin);
      put(static_cast<int>(key - base_), size);
    } else {
      spill_[key] = size;
    }
  }

  int best() {
    const int found = next(bound_);
    if (found >= kWindow) {
      bound_ = kWindow;
      if (spill_.empty()) return kWindow;
      rebase(spill_.begin()->first - kMargin);
      return bound_;
    }
    bound_ = found;
    if (found > kWindow - 4 * kMargin) rebase(base_ + found - kMargin);
    return bound_;
  }
};

struct FlatBook {
  double ticks_per_unit;
  FlatSide sides[2];
  explicit FlatBook(double t) : ticks_per_unit(t) {}
  inline void apply(unsigned side, double price, double size) {
    const long long tick = static_cast<long long>(price * ticks_per_unit + 0.5);
    sides[side].apply(side ? tick : -tick, size);
  }
  void top(double* out) {
    sides[0].top(-1, ticks_per_unit, out);
    sides[1].top(1, ticks_per_unit, out + 2 * kDepth);
  }
};

template <class Book>
static void run(const LevelStream& stream, const std::string& mode) {
  double out[4 * kDepth];
  uint32_t hash = 0, snapshots = 0;
  volatile double sink = 0;
  const bool reads = mode != "apply", hashes = mode == "check";
  const auto mix = [&](uint32_t value) { hash = (hash ^ value) * 0x01000193u; };
  const auto pass = [&](Book& book, uint32_t messages) {
    double next = stream.time_ms[0] + 100;
    for (uint32_t m = 0; m < messages; m++) {
      const double now = stream.time_ms[stream.message_start[m]];
      if (reads && now >= next) {
        book.top(out);
        snapshots++;
        sink = sink + out[0];
        for (int i = 0; hashes && i < 4 * kDepth; i += 2) {
          const bool there = out[i] == out[i];
          mix(there ? static_cast<uint32_t>(static_cast<int32_t>(llround(out[i] * stream.ticks_per_unit))) : ~0u);
          mix(there ? static_cast<uint32_t>(static_cast<int32_t>(llround(out[i + 1] * stream.lots_per_unit))) : ~0u);
        }
        next += 100;
        if (next <= now) next = now + 100;
      }
      for (uint32_t i = stream.message_start[m]; i < stream.message_start[m + 1]; i++) book.apply(stream.side[i], stream.price[i], stream.size[i]);
    }
  };
  {
    Book warm(stream.ticks_per_unit);
    pass(warm, stream.messages < 12000 ? stream.messages : 12000);
  }
  snapshots = 0;
  hash = 0;
  Book book(stream.ticks_per_unit);
  const double cpu_started = cpu_ms();
  const auto started = std::chrono::steady_clock::now();
  pass(book, stream.messages);
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
  const double cpu = cpu_ms() - cpu_started;
  book.top(out);
  sink = sink + out[0];
  printf("{\"updates\":%u,\"ms\":%.3f,\"cpuMs\":%.3f,\"updatesPerSecond\":%.0f,\"updatesPerCpuSecond\":%.0f,\"snapshots\":%u,\"hash\":%u}\n", stream.updates, ms, cpu, stream.updates / ms * 1000, stream.updates / cpu * 1000, snapshots, hash);
}

int main(int count, char** words) {
  if (count < 4) {
    fprintf(stderr, "usage: %s map|flat <stream file> apply|snap|check\n", words[0]);
    return 2;
  }
  const LevelStream stream(words[2]);
  if (std::string(words[1]) == "map") run<MapBook>(stream, words[3]);
  else run<FlatBook>(stream, words[3]);
}
