#!/bin/sh
set -e
export LC_ALL=C
sort "$PAIR/before.csv" > before
sort "$PAIR/after.csv" > after
comm -3 before after | wc -l
