using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>One side of a rule as typed: lists with commas or blanks between.</summary>
public sealed record EntityDraft
{
    private static readonly char[] Between = [',', ' ', '\t', '\n', '\r'];

    /// <summary>tag.</summary>
    public string Tag { get; init; } = "";

    /// <summary>selector.</summary>
    public string Selector { get; init; } = "";

    /// <summary>nets, the deprecated net last.</summary>
    public string Nets { get; init; } = "";

    /// <summary>ports.</summary>
    public string Ports { get; init; } = "";

    /// <summary>notTag.</summary>
    public string NotTag { get; init; } = "";

    /// <summary>notSelector.</summary>
    public string NotSelector { get; init; } = "";

    /// <summary>notNets, the deprecated notNet last.</summary>
    public string NotNets { get; init; } = "";

    /// <summary>notPorts.</summary>
    public string NotPorts { get; init; } = "";

    /// <summary>Whether it must name somebody: it is new, or did name somebody, and nobody chose anywhere.</summary>
    public bool NeedsPeer { get; init; }

    /// <summary>Whether it names somebody.</summary>
    public bool HasPeer => (Tag + Selector + Nets + NotTag + NotSelector + NotNets).Trim().Length > 0;

    /// <summary>Whether it names nobody although it must.</summary>
    public bool IsOpen => NeedsPeer && !HasPeer;

    /// <summary>This, after a field was changed. Who is taken out again leaves a gap, not everybody: that must be chosen.</summary>
    public EntityDraft After(EntityDraft before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return this with { NeedsPeer = NeedsPeer || HasPeer || before.HasPeer };
    }

    /// <summary>Whether it excludes anything.</summary>
    public bool HasExceptions => NotTag.Length + NotSelector.Length + NotNets.Length + NotPorts.Length > 0;

    /// <summary>The draft that says the same.</summary>
    public static EntityDraft From(RuleEntity entity) => new()
    {
        Tag = entity.Tag,
        Selector = entity.Selector,
        Nets = Join(entity.Net is { } net ? entity.Nets.Add(net) : entity.Nets),
        Ports = Join(entity.Ports),
        NotTag = entity.NotTag,
        NotSelector = entity.NotSelector,
        NotNets = Join(entity.NotNet is { } not ? entity.NotNets.Add(not) : entity.NotNets),
        NotPorts = Join(entity.NotPorts),
    };

    /// <summary>The side of the rule; what cannot be read is added to <paramref name="errors"/> under <paramref name="side"/>.</summary>
    /// <param name="side">source or destination.</param>
    /// <param name="origin">What it was read from: kept as stored where the text is the same.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public RuleEntity ToEntity(string side, RuleEntity origin, List<FieldError> errors)
    {
        var before = From(origin);
        if (IsOpen)
        {
            errors.Add(new FieldError($"{side}.anywhere", side == "source" ? "Say where it comes from: a tag, a selector or addresses. Or choose anywhere."
                : "Say where it goes: a tag, a selector or addresses. Or choose anywhere."));
        }

        if (this with { NeedsPeer = false } == before)
        {
            return origin;
        }

        var nets = Nets == before.Nets && NotNets == before.NotNets;
        return new RuleEntity
        {
            Tag = Tag.Trim(),
            Selector = Selector.Trim(),
            Net = nets ? origin.Net : null,
            Nets = nets ? origin.Nets : Networks($"{side}.nets", Nets, errors),
            Ports = PortRanges($"{side}.ports", Ports, errors),
            NotTag = NotTag.Trim(),
            NotSelector = NotSelector.Trim(),
            NotNet = nets ? origin.NotNet : null,
            NotNets = nets ? origin.NotNets : Networks($"{side}.notNets", NotNets, errors),
            NotPorts = PortRanges($"{side}.notPorts", NotPorts, errors),
        };
    }

    private static string Join<T>(ImmutableArray<T> values) => values.IsDefaultOrEmpty ? "" : string.Join(", ", values);

    private static string[] Words(string text) => text.Split(Between, StringSplitOptions.RemoveEmptyEntries);

    private static ImmutableArray<Cidr> Networks(string field, string text, List<FieldError> errors)
    {
        var networks = ImmutableArray.CreateBuilder<Cidr>();
        foreach (var word in Words(text))
        {
            if (Cidr.TryParse(word, out var cidr))
            {
                networks.Add(cidr);
            }
            else
            {
                errors.Add(new FieldError(field, $"'{word}' is not a CIDR or an address"));
            }
        }

        return networks.ToImmutable();
    }

    private static ImmutableArray<PortRange> PortRanges(string field, string text, List<FieldError> errors)
    {
        var ports = ImmutableArray.CreateBuilder<PortRange>();
        foreach (var word in Words(text))
        {
            if (RuleCodec.TryParsePorts(ServicePorts.Resolve(word), out var range))
            {
                ports.Add(range);
            }
            else
            {
                errors.Add(new FieldError(field, $"'{word}' is not a port such as 80, a range such as 80:90 or a service such as https"));
            }
        }

        return ports.ToImmutable();
    }
}
