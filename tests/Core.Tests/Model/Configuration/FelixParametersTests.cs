using CalicoConsole.Core.Model.Configuration;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Operations;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Model.Configuration;

public sealed class FelixParametersTests
{
    [Theory]
    [InlineData("InterfacePrefix", "cali,tap", true)]
    [InlineData("InterfacePrefix", "cali, tap", false)]
    [InlineData("InterfacePrefix", "none", false)]
    [InlineData("FailsafeInboundHostPorts", "none", true)]
    [InlineData("FailsafeInboundHostPorts", "tcp:22, UDP:68,443", true)]
    [InlineData("FailsafeInboundHostPorts", "sctp:22", false)]
    [InlineData("FailsafeInboundHostPorts", "tcp:65536", false)]
    [InlineData("DefaultEndpointToHostAction", "return", true)]
    [InlineData("DefaultEndpointToHostAction", "REJECT", false)]
    [InlineData("IptablesMarkMask", "0xff000000", true)]
    [InlineData("IptablesMarkMask", "4278190080", true)]
    [InlineData("IptablesMarkMask", "0x1", false)]
    [InlineData("LogSeverityScreen", "warning", true)]
    [InlineData("LogSeverityScreen", "none", true)]
    [InlineData("LogSeverityScreen", "critical", false)]
    [InlineData("ReportingIntervalSecs", "0", true)]
    [InlineData("ReportingIntervalSecs", "0.5", true)]
    [InlineData("ReportingIntervalSecs", "30s", false)]
    [InlineData("IpInIpEnabled", "Yes", true)]
    [InlineData("IpInIpEnabled", "on", false)]
    [InlineData("IpInIpTunnelAddr", "192.0.2.1", true)]
    [InlineData("IpInIpTunnelAddr", "fd00::1", false)]
    [InlineData("MetadataPort", "70000", false)]
    public void Problem_IsWhatFelixCannotRead(string name, string value, bool readable) =>
        Assert.Equal(readable, FelixParameters.Find(name)!.Problem(value) is null);

    [Fact]
    public void Catalogue_HasEachNameOnceAndDefaultsThatAreValues()
    {
        Assert.Equal(FelixParameters.All.Length, FelixParameters.All.DistinctBy(p => p.Name.ToLowerInvariant()).Count());
        Assert.All(FelixParameters.All.Concat(BgpParameters.All), p => Assert.Null(p.Problem(p.Default)));
        Assert.Same(FelixParameters.Find("InterfacePrefix"), FelixParameters.Find("interfaceprefix"));
    }

    [Fact]
    public void Effective_NodeBeforeAllNodesBeforeDefault()
    {
        var state = Listings.State(
            ("/calico/v1/config/interfaceprefix", "cali,tap"),
            ("/calico/v1/host/n1/config/InterfacePrefix", "eth"),
            ("/calico/v1/host/n2/config/InterfacePrefix", ""));

        Assert.Equal(("eth", ConfigurationSource.Node), Value(state, "InterfacePrefix", "n1"));
        Assert.Equal(("cali,tap", ConfigurationSource.Global), Value(state, "InterfacePrefix", "n2"));
        Assert.Equal(("cali,tap", ConfigurationSource.Global), Value(state, "InterfacePrefix", null));
        Assert.Equal(("90", ConfigurationSource.Default), Value(state, "ReportingTTLSecs", "n1"));
    }

    [Fact]
    public void Effective_UnreadableValue_IsTheDefaultWithTheReason()
    {
        var value = EffectiveConfiguration.Felix(Listings.State(("/calico/v1/config/ReportingTTLSecs", "soon")), "ReportingTTLSecs");

        Assert.Equal(("90", "soon"), (value.Value, value.Stored!.Text));
        Assert.Contains("'soon' is not a number of seconds", value.Ignored, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("InterfacePrefix", "cali ,tap", "refuse to start")]
    [InlineData("ReportingIntervalSecs", "often", "takes its default, 30")]
    [InlineData("InterfacePrefx", "cali", "does not know the Felix parameter InterfacePrefx")]
    [InlineData("reportingintervalsecs", "10", "The key ReportingIntervalSecs is there too")]
    [InlineData("InterfacePrefix", "tap", "1 workload endpoint has an interface with none of these prefixes")]
    public void Set_WhatWillSurprise_IsSaidButNotRefused(string name, string value, string said)
    {
        const string Endpoint =
            """{"state":"active","name":"cali123","mac":null,"profile_ids":[],"ipv4_nets":[],"ipv6_nets":[]}""";
        var calico = Listings.State(
            ("/calico/v1/config/ReportingIntervalSecs", "0"),
            ("/calico/v1/host/n1/workload/libnetwork/libnetwork/endpoint/e1", Endpoint));

        var plan = new OperationPlanner().Plan(new SetConfiguration(name, value, null, RawConfiguration.Felix), new ClusterSnapshot { Calico = calico }).Plan;

        Assert.Empty(plan.Errors);
        Assert.Contains(plan.Warnings, w => w.Contains(said, StringComparison.Ordinal));
        Assert.Contains(plan.Consequences, c => c.Contains("restarts", StringComparison.Ordinal));
    }

    [Fact]
    public void Set_GoodValue_IsNotWarnedOf() =>
        Assert.Empty(
            new OperationPlanner().Plan(new SetConfiguration("InterfacePrefix", "cali,tap", null, RawConfiguration.Felix), Snapshots.Of()).Plan.Warnings);

    private static (string, ConfigurationSource) Value(CalicoState state, string name, string? node) =>
        EffectiveConfiguration.Felix(state, name, node) is var found ? (found.Value, found.Source) : default;
}
