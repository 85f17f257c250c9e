using CalicoConsole.Core.Model;

namespace CalicoConsole.Sandbox.Seed;

/// <summary>
/// The seed's profiles and policies: web may reach api and db, api may reach db, and each may be pinged by those who may reach it but db by web.
/// </summary>
internal static class SeedRules
{
    private static readonly Protocol Tcp = new("tcp", 0);
    private static readonly Protocol IcmpProtocol = new("icmp", 0);
    private static readonly ImmutableArray<Rule> Anything = [new Rule { Action = "allow" }];

    /// <summary>The profiles of the seed's networks and of its hosts.</summary>
    public static ImmutableArray<Profile> Profiles { get; } =
    [
        Network(
            "frontend",
            new Rule { Action = "allow", Protocol = Tcp, Destination = new RuleEntity { Ports = [new(80, 80), new(443, 443)] } },
            From("frontend")),
        Network(
            "backend",
            new Rule { Action = "allow", Protocol = Tcp, Source = new RuleEntity { Tag = "frontend" },
                Destination = new RuleEntity { Ports = [new(8080, 8080)] } },
            new Rule { Action = "allow", Protocol = IcmpProtocol, Source = new RuleEntity { Tag = "frontend" } },
            From("backend")),
        Network(
            "db",
            Postgres("frontend"),
            Postgres("backend"),
            Postgres(OpenStackSeed.WebGroup),
            new Rule { Action = "allow", Protocol = IcmpProtocol, Source = new RuleEntity { Tag = "backend" } },
            From("db")),
        new Profile
        {
            Name = "host-management",
            Ingress =
            [
                new Rule { Action = "allow", Protocol = Tcp, Source = new RuleEntity { Nets = [Cidr.Parse("192.168.122.0/24")] },
                    Destination = new RuleEntity { Ports = [new(22, 22), new(179, 179), new(2375, 2376)] } },
                new Rule { Action = "allow", Protocol = IcmpProtocol },
            ],
            Egress = Anything,
        },
    ];

    /// <summary>The policies.</summary>
    public static ImmutableArray<Policy> Policies { get; } =
    [
        new Policy
        {
            Name = "quarantine",
            Order = 10,
            Selector = "quarantine == 'yes'",
            Ingress = [new Rule { Action = "deny" }],
            Egress = [new Rule { Action = "deny" }],
            Types = ["ingress", "egress"],
        },
        new Policy
        {
            Name = "db-no-guests",
            Order = 100,
            Selector = "tier == 'db'",
            Ingress =
            [
                new Rule { Action = "deny", Source = new RuleEntity { Nets = [Cidr.Parse("198.51.100.0/24")] } },
                // To the profiles.
                new Rule { Action = "pass" },
            ],
            Types = ["ingress"],
        },
    ];

    private static Profile Network(string name, params ReadOnlySpan<Rule> ingress) => new()
    {
        Name = name,
        Tags = [name],
        Labels = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("tier", name),
        Ingress = [.. ingress],
        Egress = Anything,
    };

    private static Rule From(string tag) => new() { Action = "allow", Source = new RuleEntity { Tag = tag } };

    private static Rule Postgres(string tag) => From(tag) with { Protocol = Tcp, Destination = new RuleEntity { Ports = [new(5432, 5432)] } };
}
