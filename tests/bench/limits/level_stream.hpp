// Reads the L2 stream file of gen/level-file.ts. Must not know any book.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

struct LevelStream {
  uint32_t updates = 0, messages = 0;
  double ticks_per_unit = 0, lots_per_unit = 0;
  std::vector<char> raw;
  const double* time_ms = nullptr;
  const uint32_t* message_start = nullptr;
  const uint8_t* side = nullptr;
  // Prices and sizes as a parser would deliver them: the nearest double to the decimal text.
  std::vector<double> price, size;

  explicit LevelStream(const char* path) {
    FILE* file = fopen(path, "rb");
    if (!file) { perror(path); exit(2); }
    fseek(file, 0, SEEK_END);
    raw.resize(ftell(file));
    rewind(file);
    if (fread(raw.data(), 1, raw.size(), file) != raw.size()) exit(2);
    fclose(file);
    const char* at = raw.data();
    double tick_size, lot_size;
    memcpy(&updates, at + 4, 4);
    memcpy(&tick_size, at + 8, 8);
    memcpy(&lot_size, at + 16, 8);
    memcpy(&messages, at + 24, 4);
    at += 64;
    time_ms = reinterpret_cast<const double*>(at);
    at += 8ull * updates;
    const double* tick = reinterpret_cast<const double*>(at);
    at += 8ull * updates;
    const int32_t* lots = reinterpret_cast<const int32_t*>(at);
    at += 4ull * updates;
    message_start = reinterpret_cast<const uint32_t*>(at);
    at += 4ull * (messages + 1);
    side = reinterpret_cast<const uint8_t*>(at);
    ticks_per_unit = std::round(1 / tick_size);
    lots_per_unit = std::round(1 / lot_size);
    price.resize(updates);
    size.resize(updates);
    for (uint32_t i = 0; i < updates; i++) {
      price[i] = tick[i] / ticks_per_unit;
      size[i] = lots[i] / lots_per_unit;
    }
  }
};
