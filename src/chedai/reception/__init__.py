"""Reception 接待与需求: the visit, the sentence, the need sheet and its versions."""
