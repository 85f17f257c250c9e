using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Assertions;

/// <summary>What an end of an assertion is.</summary>
public enum AssertionEndKind
{
    /// <summary>Every endpoint, every host, and every outside address that the rules tell apart.</summary>
    Anything,

    /// <summary>Workload endpoints of which a profile has a tag.</summary>
    Tag,

    /// <summary>Workload endpoints with a profile.</summary>
    Profile,

    /// <summary>Workload endpoints that a selector matches, by their effective labels.</summary>
    Selector,

    /// <summary>Workload endpoints on a Docker network.</summary>
    Network,

    /// <summary>One container or workload endpoint, as <see cref="FlowEnds"/> finds it.</summary>
    Endpoint,

    /// <summary>A node's own address.</summary>
    Host,

    /// <summary>Everything within a network: endpoints, hosts, outside addresses.</summary>
    Net,
}

/// <summary>One end of an assertion.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Its tag, profile, selector, network, name, node or CIDR; empty for anything.</param>
public sealed record AssertionEnd(AssertionEndKind Kind, string Value = "")
{
    /// <summary>Every endpoint, host and outside address.</summary>
    public static AssertionEnd Anything { get; } = new(AssertionEndKind.Anything);

    /// <summary>In words, such as <c>endpoints tagged web</c>.</summary>
    public string Words => Kind switch
    {
        AssertionEndKind.Anything => "anything",
        AssertionEndKind.Tag => $"endpoints tagged {Value}",
        AssertionEndKind.Profile => $"endpoints with profile {Value}",
        AssertionEndKind.Selector => $"endpoints that match {Value}",
        AssertionEndKind.Network => $"endpoints on network {Value}",
        AssertionEndKind.Host => $"host {Value}",
        AssertionEndKind.Net => $"addresses in {Value}",
        _ => Value,
    };
}

/// <summary>A sentence about who must or must not reach whom, kept by the console and evaluated live.</summary>
public sealed record Assertion
{
    /// <summary>Source ports of clients: <c>must</c> is about a connection as clients make it, <c>mustNot</c> about any.</summary>
    public const int ClientPort = 50000;

    /// <summary>Who sends.</summary>
    public required AssertionEnd From { get; init; }

    /// <summary>Who is to receive.</summary>
    public required AssertionEnd To { get; init; }

    /// <summary>IP protocol number; 1 stands for ICMPv6 too; null is all traffic.</summary>
    public int? Protocol { get; init; }

    /// <summary>Destination ports of tcp and udp; empty is every port.</summary>
    public ImmutableArray<PortRange> Ports { get; init; } = [];

    /// <summary>ICMP type; null is an echo request.</summary>
    public int? IcmpType { get; init; }

    /// <summary>4 or 6; null is each version of which both ends have an address.</summary>
    public int? IPVersion { get; init; }

    /// <summary>Whether every pair must get through; else none may.</summary>
    public required bool Must { get; init; }

    /// <summary>Why, for people.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether it is about ICMP of either version.</summary>
    public bool IsIcmp => Protocol is ProtocolNumbers.Icmp or ProtocolNumbers.IcmpV6;

    /// <summary>The traffic in words, such as <c>tcp 5432</c>, <c>ping</c> or <c>anything</c>.</summary>
    public string Traffic => this switch
    {
        { Protocol: null } => "any traffic",
        { IsIcmp: true, IcmpType: null or 8 } => "ping",
        { IsIcmp: true, IcmpType: { } type } => string.Create(CultureInfo.InvariantCulture, $"icmp type {type}"),
        { Ports.IsEmpty: true } => ProtocolNumbers.NameOf(Protocol.Value),
        _ => $"{ProtocolNumbers.NameOf(Protocol.Value)} {string.Join(", ", Ports.Select(p => p.ToString().Replace(':', '-')))}",
    };

    /// <summary>The whole of it as a sentence, such as <c>Endpoints tagged web must reach endpoints tagged db with tcp 5432.</c></summary>
    public string Sentence
    {
        get
        {
            var text =
                $"{From.Words} {(Must ? "must" : "must not")} reach {To.Words} with "
                + $"{Traffic}{(IPVersion is { } version ? string.Create(CultureInfo.InvariantCulture, $" over IPv{version}") : "")}.";
            return From.Kind == AssertionEndKind.Endpoint ? text : char.ToUpperInvariant(text[0]) + text[1..];
        }
    }
}
