using System.Collections.Concurrent;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Adapters.Tests.Execution;

/// <summary>Collects progress.</summary>
internal sealed class Steps : IProgress<OperationProgress>
{
    public ConcurrentQueue<OperationProgress> All { get; } = new();

    public void Report(OperationProgress value) => All.Enqueue(value);
}
