using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Traffic;

/// <summary>Sets of traffic by number: equal sets have one number, so that sets are compared and joined by number. Not thread-safe.</summary>
internal sealed class TrafficSets
{
    /// <summary>No traffic.</summary>
    public const int None = 0;

    /// <summary>All traffic.</summary>
    public const int All = 1;

    private readonly List<ulong[]> _sets = [];
    private readonly Dictionary<BitKey, int> _numbers = [];
    private readonly Dictionary<(int, int, int), int> _joined = [];

    public TrafficSets(TrafficSpace space)
    {
        Space = space;
        Number(new ulong[space.Everything.Length]);
        Number(space.Everything);
    }

    public TrafficSpace Space { get; }

    public ulong[] this[int number] => _sets[number];

    public int Number(ulong[] set)
    {
        var key = new BitKey(set);
        if (!_numbers.TryGetValue(key, out var number))
        {
            _numbers[key] = number = _sets.Count;
            _sets.Add(set);
        }

        return number;
    }

    public int Intersect(int a, int b) => a == All || a == b ? b : b == All ? a : a == None || b == None ? None : Joined(0, a, b);

    public int Union(int a, int b) => a == None || a == b ? b : b == None ? a : a == All || b == All ? All : Joined(1, a, b);

    /// <summary>What is in the first and not in the second.</summary>
    public int Without(int a, int b) => a == b || a == None || b == All ? None : b == None ? a : Joined(2, a, b);

    private int Joined(int how, int a, int b)
    {
        // Two of the three do not care for the order.
        if (how != 2 && a > b)
        {
            (a, b) = (b, a);
        }

        if (!_joined.TryGetValue((how, a, b), out var number))
        {
            var (x, y) = (_sets[a], _sets[b]);
            var made = new ulong[x.Length];
            for (var i = 0; i < made.Length; i++)
            {
                made[i] = how switch { 0 => x[i] & y[i], 1 => x[i] | y[i], _ => x[i] & ~y[i] };
            }

            _joined[(how, a, b)] = number = Number(made);
        }

        return number;
    }
}

/// <summary>Bits compared by content.</summary>
internal readonly struct BitKey : IEquatable<BitKey>
{
    private readonly ulong[] _bits;
    private readonly int _hash;

    public BitKey(ulong[] bits)
    {
        _bits = bits;
        var hash = new HashCode();
        foreach (var word in bits)
        {
            hash.Add(word);
        }

        _hash = hash.ToHashCode();
    }

    public bool Equals(BitKey other) => _hash == other._hash && _bits.AsSpan().SequenceEqual(other._bits);

    public override bool Equals(object? obj) => obj is BitKey other && Equals(other);

    public override int GetHashCode() => _hash;
}

/// <summary>
/// The way of all traffic between two fixed addresses through policies and profiles at once: what <see cref="RuleWalk"/> does for one packet.
/// </summary>
internal static class TrafficWalk
{
    /// <summary>What is allowed, apart by whether it carries the pass mark afterwards (docs/calico-v1.md#the-mark-of-a-pass).</summary>
    /// <param name="governance">What governs.</param>
    /// <param name="space">The traffic.</param>
    /// <param name="marked">Whether it comes with the mark.</param>
    /// <param name="applies">Whether a rule's criteria on addresses hold.</param>
    public static (ulong[] Unmarked, ulong[] Marked) Run(Governance governance, TrafficSpace space, bool marked, Func<CompiledRule, bool> applies)
    {
        var state = new State(space, applies);
        (marked ? state.Marked : state.Plain).CopyFrom(space.Everything);
        if (governance.Policies.Length > 0)
        {
            state.ClearMark();
            state.Policies(governance);
        }

        foreach (var profile in governance.Profiles)
        {
            if (profile.Problem is not null)
            {
                break;
            }

            state.Profile(profile.For(governance.Direction, space.IsIPv6));
        }

        return (state.AllowedPlain, state.AllowedMarked);
    }

    /// <summary>What policies without anything behind them do: what they allow, deny and pass; the rest goes on as what they pass does.</summary>
    public static (ulong[] Allowed, ulong[] Denied, ulong[] Passed) RunPolicies(Governance governance, TrafficSpace space, Func<CompiledRule, bool> applies)
    {
        var state = new State(space, applies);
        state.Plain.CopyFrom(space.Everything);
        state.Policies(governance);
        return (state.AllowedPlain, state.Denied, state.Marked);
    }

    private static void CopyFrom(this ulong[] to, ulong[] from) => from.CopyTo(to, 0);

    private sealed class State(TrafficSpace space, Func<CompiledRule, bool> applies)
    {
        private readonly int _words = space.Everything.Length;

        public ulong[] Plain { get; private set; } = new ulong[space.Everything.Length];

        public ulong[] Marked { get; private set; } = new ulong[space.Everything.Length];

        public ulong[] AllowedPlain { get; } = new ulong[space.Everything.Length];

        public ulong[] AllowedMarked { get; } = new ulong[space.Everything.Length];

        public ulong[] Denied { get; } = new ulong[space.Everything.Length];

        public void ClearMark()
        {
            for (var i = 0; i < _words; i++)
            {
                Plain[i] |= Marked[i];
                Marked[i] = 0;
            }
        }

        /// <summary>Leaves what a rule passed, marked; what matched nothing is gone (its end is the caller's).</summary>
        public void Policies(Governance governance)
        {
            var passed = new ulong[_words];
            foreach (var policy in governance.Policies)
            {
                foreach (var rule in policy.For(governance.Direction, space.IsIPv6))
                {
                    Apply(rule, passed, leaks: false);
                }
            }

            (Plain, Marked) = (new ulong[_words], passed);
        }

        public void Profile(CompiledRule[] rules)
        {
            var passed = new ulong[_words];
            foreach (var rule in rules)
            {
                Apply(rule, passed, leaks: true);
            }

            for (var i = 0; i < _words; i++)
            {
                Marked[i] |= passed[i];
            }
        }

        private void Apply(CompiledRule rule, ulong[] passed, bool leaks)
        {
            if (rule.Action == RuleAction.Log)
            {
                return;
            }

            if (applies(rule))
            {
                var mask = space.MaskOf(rule);
                for (var i = 0; i < _words; i++)
                {
                    switch (rule.Action)
                    {
                        case RuleAction.Allow:
                            AllowedPlain[i] |= Plain[i] & mask[i];
                            AllowedMarked[i] |= Marked[i] & mask[i];
                            break;
                        case RuleAction.Pass:
                            passed[i] |= (Plain[i] | Marked[i]) & mask[i];
                            break;
                        default:
                            Denied[i] |= (Plain[i] | Marked[i]) & mask[i];
                            break;
                    }

                    Plain[i] &= ~mask[i];
                    Marked[i] &= ~mask[i];
                }
            }

            if (leaks && rule.Action == RuleAction.Pass)
            {
                for (var i = 0; i < _words; i++)
                {
                    passed[i] |= Marked[i];
                    Marked[i] = 0;
                }
            }
        }
    }
}
