#!/bin/bash
# Leaves to Stryker a random tenth of one room of Core (see CONTRIBUTING.md, "Mutation scores"). Run it at the root of a throw-away clone only:
#     tests/mutation-sample.sh Operations 11        # the room, a folder of src/Core, and the seed
# The members of the room's types are shuffled and taken until they have a tenth of the lines; comments switch Stryker off for everything else.
set -euo pipefail
room=src/Core/$1
seed=$2

# File and line of each member: it begins at a modifier or attribute four columns in, unless an attribute stands before it.
members=$(find "$room" -name '*.cs' | LC_ALL=C sort | xargs awk '
    FNR == 1 { attribute = 0 }
    /^    (\[|(public|private|internal|protected|static) )/ && !attribute { print FILENAME, FNR }
    { attribute = /^    \[.*\]$/ }')

# The same in random order with their lengths, then the first of them: one word a member, in the order of the files.
words=$(awk 'NR > 1 { print $1 == file ? $2 - line : 1 } { file = $1; line = $2 } END { print 1 }' <<< "$members" |
    awk -v x="$seed" 'function next_one() { return x = x * 16807 % 2147483647 } BEGIN { for (i = 0; i < 9; i++) next_one() }
        { print next_one(), NR, $1 }' | sort -n |
    awk '{ member[NR] = $2; lines[NR] = $3; sum += $3 }
        END { for (i = 1; i <= NR; taken += lines[i++]) print member[i], taken < sum / 10 ? "restore" : "disable" }' | sort -n | cut -d ' ' -f 2)

paste -d ' ' <(echo "$members") <(echo "$words") | awk '{ script[$1] = script[$1] $2 "i // Stryker " $3 " all\n" }
    END { for (file in script) { sed = "sed -i -f - " file; printf "%s", script[file] | sed; close(sed) } }'
find src/Core -name '*.cs' ! -path '*/obj/*' -exec sed -i -E '/^(\[|public|internal)/i // Stryker disable all' {} +
echo "seed $seed: $(grep -c restore <<< "$words") of $(wc -l <<< "$words") members of $1"
