// What a machine can do with an IEX capture in memory: classic little-endian pcap of DEEP 1.0 or TOPS 1.6 into columns, one
// pass, no checks. Prints counts and sums that the product's decoder must reach too.
// usage: iex_limit <file.pcap> <repeats>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

static inline uint16_t u16(const uint8_t* p) { uint16_t v; memcpy(&v, p, 2); return v; }
static inline uint32_t u32(const uint8_t* p) { uint32_t v; memcpy(&v, p, 4); return v; }
static inline uint64_t u64(const uint8_t* p) { uint64_t v; memcpy(&v, p, 8); return v; }

// Symbol names are eight bytes: one 64-bit key in an open table.
class Symbols {
 public:
  inline uint32_t id(uint64_t name) {
    uint32_t slot = static_cast<uint32_t>((name * 0x9E3779B97F4A7C15ull) >> (64 - kBits));
    while (keys_[slot]) {
      if (keys_[slot] == name) return ids_[slot];
      slot = (slot + 1) & (kSlots - 1);
    }
    keys_[slot] = name;
    return ids_[slot] = count_++;
  }
  uint32_t count() const { return count_; }

 private:
  static constexpr int kBits = 16, kSlots = 1 << kBits;
  uint64_t keys_[kSlots] = {};
  uint32_t ids_[kSlots] = {}, count_ = 0;
};

struct Columns {
  std::vector<uint64_t> time, price, price2;
  std::vector<uint32_t> symbol, size, size2;
  std::vector<uint8_t> type, flags;
  explicit Columns(size_t n) : time(n), price(n), price2(n), symbol(n), size(n), size2(n), type(n), flags(n) {}
};

static Symbols symbols;

int main(int count, char** words) {
  if (count < 3) return 2;
  FILE* file = fopen(words[1], "rb");
  if (!file) { perror(words[1]); return 2; }
  fseek(file, 0, SEEK_END);
  const size_t bytes = ftell(file);
  rewind(file);
  std::vector<uint8_t> data(bytes + 64);
  if (fread(data.data(), 1, bytes, file) != bytes) return 2;
  fclose(file);

  Columns out(bytes / 16);
  double best = 1e18;
  size_t messages = 0, kept = 0;
  for (int repeat = 0; repeat < atoi(words[2]); repeat++) {
    const auto started = std::chrono::steady_clock::now();
    messages = kept = 0;
    for (size_t at = 24; at + 16 <= bytes;) {
      const uint32_t length = u32(&data[at + 8]);
      const uint8_t* frame = &data[at + 16];
      at += 16 + length;
      if (at > bytes) break;
      uint32_t ip = 14;
      uint16_t ether = static_cast<uint16_t>(frame[12] << 8 | frame[13]);
      if (ether == 0x8100) { ether = static_cast<uint16_t>(frame[16] << 8 | frame[17]); ip = 18; }
      if (ether != 0x0800 || frame[ip + 9] != 17) continue;
      const uint8_t* segment = frame + ip + (frame[ip] & 15) * 4 + 8;
      uint32_t left = u16(segment + 14);
      messages += left;
      for (const uint8_t* message = segment + 40; left > 0; left--) {
        const uint32_t size = u16(message);
        message += 2;
        const uint8_t type = message[0];
        if (type == '8' || type == '5' || type == 'T' || type == 'Q') {
          out.type[kept] = type;
          out.flags[kept] = message[1];
          out.time[kept] = u64(message + 2);
          out.symbol[kept] = symbols.id(u64(message + 10));
          out.size[kept] = u32(message + 18);
          out.price[kept] = u64(message + 22);
          if (type == 'Q') { out.price2[kept] = u64(message + 30); out.size2[kept] = u32(message + 38); }
          kept++;
        }
        message += size;
      }
    }
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count();
    if (ms < best) best = ms;
  }
  uint64_t sizes = 0, prices = 0, trades = 0;
  for (size_t i = 0; i < kept; i++) {
    sizes += out.size[i];
    prices += out.price[i];
    if (out.type[i] == 'T') trades++;
  }
  printf("{\"messages\":%zu,\"kept\":%zu,\"symbols\":%u,\"trades\":%llu,\"sizes\":%llu,\"prices\":%llu,\"ms\":%.3f,\"messagesPerSecond\":%.0f}\n", messages, kept,
         symbols.count(), static_cast<unsigned long long>(trades), static_cast<unsigned long long>(sizes), static_cast<unsigned long long>(prices), best,
         messages / best * 1000);
}
