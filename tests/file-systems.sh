#!/usr/bin/env bash
# Tries grow, shrink, fill, dump and info on each file system that can be had here, and prints a row
# of a table for each. Needs root, loop devices and the mkfs programs; what is missing is left out.
# Usage: tests/file-systems.sh target/release/pmem
set -uo pipefail

pmem=$(realpath "${1:?the program to try}")
scratch=$(mktemp -d)
cd "$scratch" || exit 2
trap 'cd /; umount -q "$scratch"/m 2>/dev/null; umount -q "$scratch"/below 2>/dev/null; rm -rf "$scratch"' EXIT
mkdir m below

# The values of `key` in what info --json says.
fact() { "$pmem" info "$1" --json | grep -o "\"$2\": [^,]*" | cut -d' ' -f2; }

# Says yes or no, and why in a word.
answer() { if "$@" >/dev/null 2>&1; then printf ' yes |'; else printf ' no |'; fi; }

reserves() { "$pmem" grow m/r 1M && [ "$(fact m/r bytes_on_disk)" -ge 1048576 ] && rm m/r; }

# A growth for which there is no room is refused, and leaves the old file; so does a fill.
full() {
    "$pmem" grow m/f 1000 --fill 7 || return 1
    "$pmem" grow m/f 4G && return 1
    # The free space, less what the file system needs for itself, is had; the rest is refused.
    "$pmem" grow m/f 400M --sparse --fill 7 && return 1
    [ "$(stat -c %s m/f)" = 1000 ] && [ "$("$pmem" dump m/f | sort -u)" = 7 ] &&
        rm m/f && sync -f m
}

locks() {
    "$pmem" grow m/l 10 || return 1
    flock m/l "$pmem" fill m/l 7 && return 1
    flock m/l "$pmem" fill m/l 7 --lock none && rm m/l
}

# What dump calls a hole is what info does, before and after all is read.
holes() {
    "$pmem" grow m/h 1M --sparse && "$pmem" fill m/h 7 -r 0x80000..+100 || return 1
    "$pmem" grow m/h 1M && sync m/h || return 1
    local first second
    first=$(hole_bytes) && cat m/h >/dev/null && second=$(hole_bytes)
    [ "$first" = "$second" ] && [ "$first" = "$(fact m/h hole_bytes)" ] && rm m/h
}
hole_bytes() { "$pmem" dump m/h -f table -w 16 | awk '/hole/ { for (i = 1; i <= NF; i++) if ($i == "hole") n += $(i + 1) } END { print n + 0 }'; }

at_once() {
    local n
    for n in 1 2 3 4 5 6 7 8; do "$pmem" grow m/o 1000 --lock wait & done
    wait
    [ "$(stat -c %s m/o)" = 8000 ] && rm m/o
}

killed() {
    local n size
    for n in $(seq 40); do
        printf '%1000s' '' >m/k
        timeout -s KILL "0.00$((n % 10))$n" "$pmem" grow m/k 3M --fill 7 2>/dev/null
        size=$(stat -c %s m/k)
        [ "$size" = 1000 ] || [ "$size" = 3146728 ] || return 1
        [ "$(head -c 1000 m/k | tr -d ' ' | wc -c)" = 0 ] || return 1
    done
    rm m/k
}

try() {
    printf '| %s |' "$1"
    answer reserves; answer full; answer locks; answer holes; answer at_once; answer killed
    echo
}

on_image() {
    local name=$1 make=$2 mount=${3:-mount -o loop}
    rm -f image && truncate -s 350M image || return
    $make image >/dev/null 2>&1 || return
    $mount image m >/dev/null 2>&1 || { echo "| $name | cannot be mounted here | | | | | |"; return; }
    try "$name"
    umount m || fusermount -u m
}

echo '| file system | room is reserved | a full disk is an error, the file as before | locks | `dump` and `info` agree on holes | eight growths at once | killed 40 times |'
echo '|---|---|---|---|---|---|---|'
on_image ext4 'mkfs.ext4 -q'
on_image ext3 'mkfs.ext3 -q'
on_image ext2 'mkfs.ext2 -q'
on_image xfs 'mkfs.xfs -q'
on_image btrfs 'mkfs.btrfs -q'
on_image vfat 'mkfs.vfat'
on_image 'ext4 by FUSE (`fuse2fs`)' 'mkfs.ext4 -q' fuse2fs
if mount -t tmpfs -o size=350m none m; then try tmpfs; umount m; fi
if mount -t tmpfs -o size=350m none below && mkdir below/{lower,upper,work} &&
    mount -t overlay -o "lowerdir=below/lower,upperdir=below/upper,workdir=below/work" none m; then
    try 'overlayfs over tmpfs'
    umount m
fi
umount -q below
exit 0
