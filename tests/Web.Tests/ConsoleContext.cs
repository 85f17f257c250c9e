using Bunit;
using CalicoConsole.Adapters.Captures;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Scenes;
using CalicoConsole.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CalicoConsole.Web.Tests;

/// <summary>What every page of the console stands on.</summary>
internal static class ConsoleContext
{
    /// <summary>The cluster's picture, the runner, the services of a circuit, and somebody who is signed in.</summary>
    public static void AddConsole(this BunitContext context, IClusterState state, IOperationRunner runner, IRunningOperations running)
    {
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Services.AddMudServices();
        context.Services.AddSingleton(TimeProvider.System);
        context.Services.AddSingleton(state);
        context.Services.AddSingleton(runner);
        context.Services.AddSingleton(running);
        context.Services.AddSingleton<ISeriesStore, MeasuredSeries>();
        context.Services.AddSingleton<IAuditLog, RecordingAudit>();
        context.Services.AddSingleton<IDiagnosisReports, KeptReports>();
        context.Services.AddSingleton(p => new SceneHistory(p.GetRequiredService<IAuditLog>(), null));
        context.Services.AddSingleton<ICaptures, KeptCapturesInMemory>();
        context.Services.AddSingleton<IPacketDecoder, PacketDecoder>();
        context.Services.AddSingleton(new HelperImage(HelperImage.Usual, null));
        context.Services.AddSingleton<IRuleCounterReader, UnreadCounters>();
        context.Services.AddSingleton<ILegReader>(new GivenReadings());
        context.Services.AddConsoleState();
        context.AddAuthorization().SetAuthorized("admin");
    }
}
