namespace CalicoConsole.Core.Model;

/// <summary>A protocol: a name or a number, kept apart because they are stored differently.</summary>
/// <param name="Name">Lower-case name, or null when numeric.</param>
/// <param name="Number">1 to 255 when <paramref name="Name"/> is null.</param>
public readonly record struct Protocol(string? Name, int Number)
{
    /// <inheritdoc/>
    public override string ToString() => Name ?? Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A port or a range of ports, first and last included.</summary>
public readonly record struct PortRange(int First, int Last)
{
    /// <inheritdoc/>
    public override string ToString() => First == Last
        ? First.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{First}:{Last}");
}

/// <summary>ICMP type and code; null is unset.</summary>
public readonly record struct Icmp(int? Type, int? Code);

/// <summary>One side of a rule (calicoctl 1.6.3 EntityRule). Empty texts and arrays are unset.</summary>
public sealed record RuleEntity
{
    /// <summary>tag.</summary>
    public string Tag { get; init; } = "";

    /// <summary>net: one CIDR, deprecated, stored in <c>src_net</c>/<c>dst_net</c>; null when unset. Calicoctl shows it as the last of nets.</summary>
    public Cidr? Net { get; init; }

    /// <summary>nets, with the host bits that are given or stored.</summary>
    public ImmutableArray<Cidr> Nets { get; init; } = [];

    /// <summary>selector, as typed.</summary>
    public string Selector { get; init; } = "";

    /// <summary>ports.</summary>
    public ImmutableArray<PortRange> Ports { get; init; } = [];

    /// <summary>notTag.</summary>
    public string NotTag { get; init; } = "";

    /// <summary>notNet: deprecated as <see cref="Net"/>; null when unset.</summary>
    public Cidr? NotNet { get; init; }

    /// <summary>notNets, with the host bits that are given or stored.</summary>
    public ImmutableArray<Cidr> NotNets { get; init; } = [];

    /// <summary>notSelector.</summary>
    public string NotSelector { get; init; } = "";

    /// <summary>notPorts.</summary>
    public ImmutableArray<PortRange> NotPorts { get; init; } = [];
}

/// <summary>A rule (calicoctl 1.6.3 Rule; backend form in libcalico-go backend/model/rule.go).</summary>
public sealed record Rule
{
    /// <summary>allow, deny, log or pass (stored as <c>next-tier</c>). Empty when stored without one, which means allow.</summary>
    public required string Action { get; init; }

    /// <summary>Whether the stored action is <c>pass</c>, which Felix refuses (it knows <c>next-tier</c>) and calicoctl repairs on its next write.</summary>
    public bool StoredAsPass { get; init; }

    /// <summary>4, 6 or null.</summary>
    public int? IPVersion { get; init; }

    /// <summary>protocol.</summary>
    public Protocol? Protocol { get; init; }

    /// <summary>notProtocol.</summary>
    public Protocol? NotProtocol { get; init; }

    /// <summary>icmp.</summary>
    public Icmp Icmp { get; init; }

    /// <summary>notICMP.</summary>
    public Icmp NotIcmp { get; init; }

    /// <summary>source.</summary>
    public RuleEntity Source { get; init; } = new();

    /// <summary>destination.</summary>
    public RuleEntity Destination { get; init; } = new();

    /// <summary>log_prefix: stored, but calicoctl has no field for it.</summary>
    public string LogPrefix { get; init; } = "";

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }
}
