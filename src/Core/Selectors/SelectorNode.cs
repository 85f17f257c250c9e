namespace CalicoConsole.Core.Selectors;

/// <summary>A part of a selector (docs/calico-v1.md#selectors). Immutable, thread-safe.</summary>
public abstract record SelectorNode
{
    private SelectorNode()
    {
    }

    /// <summary>Whether it holds for labels; values are compared byte by byte.</summary>
    public abstract bool Matches(IReadOnlyDictionary<string, string> labels);

    /// <summary>Whether a label is named anywhere in it.</summary>
    public abstract bool Names(string label);

    /// <summary>The canonical text, as libcalico-go gives it.</summary>
    public abstract string Canonical { get; }

    /// <summary><c>all()</c>.</summary>
    public sealed record All : SelectorNode
    {
        /// <inheritdoc/>
        public override string Canonical => "all()";

        /// <inheritdoc/>
        public override bool Matches(IReadOnlyDictionary<string, string> labels) => true;

        /// <inheritdoc/>
        public override bool Names(string label) => false;
    }

    /// <summary><c>has(label)</c>: true for an empty value too.</summary>
    public sealed record Has(string Label) : SelectorNode
    {
        /// <inheritdoc/>
        public override string Canonical => $"has({Label})";

        /// <inheritdoc/>
        public override bool Matches(IReadOnlyDictionary<string, string> labels) => labels.ContainsKey(Label);

        /// <inheritdoc/>
        public override bool Names(string label) => label == Label;
    }

    /// <summary><c>label == "value"</c>, or <c>!=</c> when <paramref name="Negated"/>, which holds for a missing label too.</summary>
    public sealed record Compare(string Label, string Value, bool Negated) : SelectorNode
    {
        /// <inheritdoc/>
        public override string Canonical => $"{Label} {(Negated ? "!=" : "==")} {Quote(Value)}";

        /// <inheritdoc/>
        public override bool Matches(IReadOnlyDictionary<string, string> labels) =>
            (labels.TryGetValue(Label, out var value) && string.Equals(value, Value, StringComparison.Ordinal)) != Negated;

        /// <inheritdoc/>
        public override bool Names(string label) => label == Label;
    }

    /// <summary><c>label in {...}</c>, or <c>not in</c> when <paramref name="Negated"/>, which holds for a missing label too.</summary>
    /// <param name="Label">The label.</param>
    /// <param name="Values">Sorted bytewise, without repeats.</param>
    /// <param name="Negated">Whether it is <c>not in</c>.</param>
    public sealed record InSet(string Label, ImmutableArray<string> Values, bool Negated) : SelectorNode
    {
        /// <inheritdoc/>
        public override string Canonical => $"{Label} {(Negated ? "not in" : "in")} {{{string.Join(", ", Values.Select(Quote))}}}";

        /// <inheritdoc/>
        public override bool Matches(IReadOnlyDictionary<string, string> labels) =>
            (labels.TryGetValue(Label, out var value) && Values.Contains(value, StringComparer.Ordinal)) != Negated;

        /// <inheritdoc/>
        public override bool Names(string label) => label == Label;
    }

    /// <summary><c>!</c> before one operation.</summary>
    public sealed record Not(SelectorNode Operand) : SelectorNode
    {
        /// <inheritdoc/>
        public override string Canonical => "!" + Operand.Canonical;

        /// <inheritdoc/>
        public override bool Matches(IReadOnlyDictionary<string, string> labels) => !Operand.Matches(labels);

        /// <inheritdoc/>
        public override bool Names(string label) => Operand.Names(label);
    }

    /// <summary>Operands joined by <c>&amp;&amp;</c>.</summary>
    public sealed record And(ImmutableArray<SelectorNode> Operands) : SelectorNode
    {
        /// <inheritdoc/>
        public override string Canonical => $"({string.Join(" && ", Operands.Select(o => o.Canonical))})";

        /// <inheritdoc/>
        public override bool Matches(IReadOnlyDictionary<string, string> labels) => Operands.All(o => o.Matches(labels));

        /// <inheritdoc/>
        public override bool Names(string label) => Operands.Any(o => o.Names(label));
    }

    /// <summary>Operands joined by <c>||</c>.</summary>
    public sealed record Or(ImmutableArray<SelectorNode> Operands) : SelectorNode
    {
        /// <inheritdoc/>
        public override string Canonical => $"({string.Join(" || ", Operands.Select(o => o.Canonical))})";

        /// <inheritdoc/>
        public override bool Matches(IReadOnlyDictionary<string, string> labels) => Operands.Any(o => o.Matches(labels));

        /// <inheritdoc/>
        public override bool Names(string label) => Operands.Any(o => o.Names(label));
    }

    private static string Quote(string value) => value.Contains('"', StringComparison.Ordinal) ? $"'{value}'" : $"\"{value}\"";
}
